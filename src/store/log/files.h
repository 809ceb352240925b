// store/log/files.h: everything the log does to files, so that a simulated disk can lose, tear and reorder what was not synced, run full and
// fail (faulty_files.h). Names are relative to the spool's directory, at most one folder deep. Used from any thread; a File by one at a time
// for writing, by any number for reading.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

struct iovec;

namespace ph::store::log {

// The value, or the errno.
template <typename T>
using Io = tl::expected<T, int>;

class File {
  public:
    virtual ~File() = default;
    // All of it, however often the kernel must be asked.
    virtual Io<void> write(std::span<const iovec> pieces, std::uint64_t offset) = 0;
    // As many octets as there are.
    virtual Io<std::size_t> read(std::span<char> into, std::uint64_t offset) const = 0;
    // What was written is durable after it (fdatasync). After a failure nothing is known of it, and a second call that succeeds proves nothing.
    virtual Io<void> sync() = 0;
    // Makes room for `size` octets if the file system can, so that a full disk shows before it is written full.
    virtual Io<void> allocate(std::uint64_t size) = 0;
    virtual Io<std::uint64_t> size() const = 0;
};

enum class OpenMode : std::uint8_t { read, write, create };  // create: a new file, it must not be there

// Holds the lock of a spool until it is destroyed or the process ends.
class SpoolLock {
  public:
    virtual ~SpoolLock() = default;
};

class Files {
  public:
    virtual ~Files() = default;
    virtual Io<std::shared_ptr<File>> open(const std::string& name, OpenMode mode) = 0;
    virtual Io<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Io<void> remove(const std::string& name) = 0;
    virtual Io<std::vector<std::string>> list() = 0;            // names of regular files, in no order
    virtual Io<void> make_folder(const std::string& name) = 0;  // it may be there
    virtual Io<void> sync_folder(const std::string& name) = 0;  // "": the spool's
    // EWOULDBLOCK: somebody else has it.
    virtual Io<std::unique_ptr<SpoolLock>> lock(const std::string& name) = 0;
    // Whether somebody has it; changes nothing.
    virtual bool locked(const std::string& name) = 0;
};

enum class Access : std::uint8_t { read, write };
// The real ones. With Access::write the directory is made if it is missing (0700; files 0600).
Io<std::shared_ptr<Files>> open_files(const std::string& directory, Access access);

// Writes one text at an offset.
Io<void> write_text(File& file, std::string_view text, std::uint64_t offset);
// Exactly `size` octets; EIO when the file is shorter.
Io<std::string> read_text(const File& file, std::uint64_t offset, std::size_t size);

// "No space left on device (28)".
std::string error_text(int error);
bool out_of_space(int error);

}  // namespace ph::store::log
