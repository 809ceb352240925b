// deliver/maildir_file.h: one message on its way into a Maildir: written in tmp/, synced, moved into new/. A reader sees the whole message or
// none, and a crash leaves at most a file in tmp/, which mail readers clean away.
// Everything here waits for the disk: it runs on a thread of World::blocking().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "base/time.h"
#include "deliver/maildir_folder.h"

namespace ph::deliver {

// "1795633591.M42P17Q3.mail.example.org": time, microseconds, process, a counter of the process, host.
std::string maildir_name(TimePoint when, std::uint64_t counter, std::string_view hostname);

class MaildirFile {
  public:
    static Done<MaildirFile> create(MaildirFolder folder, std::string name);
    MaildirFile(MaildirFile&& other) noexcept;
    MaildirFile& operator=(MaildirFile&&) = delete;
    MaildirFile(const MaildirFile&) = delete;
    MaildirFile& operator=(const MaildirFile&) = delete;
    ~MaildirFile();  // takes an unpublished file away

    Done<void> write(std::string_view bytes);
    Done<void> sync();
    // Into new/, with its size in its name, and that synced; never over a file that is there.
    Done<void> publish();
    std::uint64_t size() const { return size_; }
    const MaildirFolder& folder() const { return folder_; }

  private:
    MaildirFile(MaildirFolder folder, std::string name, FileDescriptor file);
    std::string tmp_path() const { return folder_.path + "tmp/" + name_; }

    MaildirFolder folder_;
    std::string name_;
    FileDescriptor file_;
    std::uint64_t size_ = 0;
    bool in_tmp_ = true;
};

}  // namespace ph::deliver
