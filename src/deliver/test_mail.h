// deliver/test_mail.h: for tests of local deliveries: a message, a directory that is told its users, bodies that are told their pieces.
#pragma once

#include <cstdlib>
#include <dirent.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/test_folder.h"
#include "deliver/body_source.h"
#include "deliver/current_directory.h"
#include "directory/pipe_commands.h"

namespace ph::deliver::test {

using Folder = TestFolder;

inline std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    if (!std::filesystem::is_directory(folder)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
    return files;
}

inline std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

inline mail::Mailbox mailbox(std::string_view text) {
    return *mail::parse_mailbox(text);
}

// Ours is the process that runs the test.
inline directory::LocalUser user_at(const std::string& maildir) {
    directory::LocalUser user;
    user.name = "ann";
    user.home = maildir;
    user.maildir = maildir + "/";
    user.uid = ::geteuid();
    user.gid = ::getegid();
    return user;
}

inline spool::Work work_for(const std::vector<std::string>& recipients, std::uint64_t size = 0) {
    spool::Work work;
    work.id = QueueId(1);
    work.size = size;
    work.info = std::make_shared<spool::MessageInfo>();
    work.data.reverse_path = mailbox("sender@remote.example");
    for (const std::string& recipient : recipients) {
        spool::PendingRecipient pending;
        pending.recipient.address = mailbox(recipient);
        pending.original = pending.recipient.address;
        work.data.recipients.push_back(std::move(pending));
    }
    return work;
}

class ToldDirectory : public directory::Directory {
  public:
    std::map<std::string, directory::LocalUser> users;  // by address
    std::map<std::string, directory::PipeCommand> commands;

    io::Task<directory::Resolution> resolve(mail::Mailbox) override { co_return directory::Resolution{}; }
    io::Task<std::optional<directory::LocalUser>> user(mail::Mailbox address) override {
        const auto found = users.find(to_text(address));
        if (found == users.end()) co_return std::nullopt;
        co_return found->second;
    }
    bool is_local_domain(std::string_view) const override { return true; }
    const directory::PipeCommand* pipe_command(std::string_view name) const override {
        const auto found = commands.find(std::string(name));
        return found == commands.end() ? nullptr : &found->second;
    }
};

// Gives these pieces; then the fault, if there is one.
class ToldBodies : public BodyOpener {
  public:
    std::vector<std::string> pieces;
    std::optional<store::StoreFault> fault;
    int opened = 0;

    io::Task<store::Stored<std::unique_ptr<BodySource>>> open(const spool::Work&) override {
        ++opened;
        std::unique_ptr<BodySource> source = std::make_unique<Source>(*this);
        co_return source;
    }

  private:
    class Source : public BodySource {
      public:
        explicit Source(const ToldBodies& bodies) : bodies_(bodies) {}
        io::Task<store::Stored<std::string_view>> next() override {
            if (next_ < bodies_.pieces.size()) co_return std::string_view(bodies_.pieces[next_++]);
            if (bodies_.fault) co_return tl::unexpected(*bodies_.fault);
            co_return std::string_view();
        }

      private:
        const ToldBodies& bodies_;
        std::size_t next_ = 0;
    };
};

}  // namespace ph::deliver::test
