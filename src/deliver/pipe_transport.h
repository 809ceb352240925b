// deliver/pipe_transport.h: hands the message to a program of the pipe table on its standard input, once for each recipient, because its exit
// status speaks of one (situations 125, 126, 129). Never a shell.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "deliver/body_source.h"
#include "deliver/current_directory.h"
#include "deliver/transport.h"

namespace ph::deliver {

class PipeTransport : public Transport {
  public:
    // `world` and `bodies` outlive it. `delimiters`: what begins an extension, for {user} and {extension}.
    PipeTransport(io::World& world, CurrentDirectory directory, BodyOpener& bodies, std::string delimiters);
    io::Task<Attempt> attempt(const spool::Work& work, const directory::Route& route) override;

  private:
    using Text = std::vector<std::string>;  // the message with LF, in pieces
    io::Task<store::Stored<Text>> read(const spool::Work& work);
    io::Task<RecipientOutcome> run(const spool::Work& work, const directory::PipeCommand& command, const mail::Mailbox& recipient, const Text& text);

    io::World& world_;
    CurrentDirectory directory_;
    BodyOpener& bodies_;
    std::string delimiters_;
};

}  // namespace ph::deliver
