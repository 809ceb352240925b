// deliver/descriptor.h: a file descriptor that is closed with its owner, and what the system said when something could not be done.
#pragma once

#include <string>
#include <unistd.h>
#include <utility>

#include <tl/expected.hpp>

namespace ph::deliver {

class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    void reset() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

  private:
    int number_ = -1;
};

// Not a Fault: which error it was decides what the sender hears (situation 124).
struct Obstacle {
    int error = 0;     // errno
    std::string text;  // "cannot create /home/ann/Maildir/tmp: Permission denied"
};
template <typename T>
using Done = tl::expected<T, Obstacle>;

// `what`: "create /home/ann/Maildir".
tl::unexpected<Obstacle> obstacle(int error, const std::string& what);

}  // namespace ph::deliver
