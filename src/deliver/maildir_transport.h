// deliver/maildir_transport.h: delivery into the Maildirs of our own users (situations 124, 125, 127). Each recipient gets a file of its own.
#pragma once

#include <string>
#include <vector>

#include "deliver/body_source.h"
#include "deliver/current_directory.h"
#include "deliver/transport.h"

namespace ph::deliver {

class MaildirTransport : public Transport {
  public:
    // `world` and `bodies` outlive it. `hostname` stands in the names of the files.
    MaildirTransport(io::World& world, CurrentDirectory directory, BodyOpener& bodies, std::string hostname);
    io::Task<Attempt> attempt(const spool::Work& work, const directory::Route& route) override;

  private:
    struct Copy;
    io::Task<void> deliver(const spool::Work& work, std::size_t begin, std::size_t end, Attempt& attempt);
    io::Task<std::vector<Copy>> prepare(const spool::Work& work, std::size_t begin, std::size_t end);
    io::Task<void> stream(std::uint64_t size, BodySource& source, std::vector<Copy>& copies);

    io::World& world_;
    CurrentDirectory directory_;
    BodyOpener& bodies_;
    std::string hostname_;
    std::uint64_t counter_ = 0;
};

}  // namespace ph::deliver
