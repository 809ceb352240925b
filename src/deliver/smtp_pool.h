// deliver/smtp_pool.h: connections that wait a little for another message to the same destination, and those that say QUIT in the background.
#pragma once

#include <memory>
#include <string>

#include "deliver/smtp_connection.h"

namespace ph::deliver {

class SmtpPool {
  public:
    explicit SmtpPool(io::World& world);
    // Waiting connections are closed without QUIT; close() is the polite way.
    ~SmtpPool();
    SmtpPool(const SmtpPool&) = delete;
    SmtpPool& operator=(const SmtpPool&) = delete;

    // The one that waited the least; nullptr if there is none.
    std::unique_ptr<SmtpConnection> take(const std::string& destination);
    // Keeps it for so long, or retires it when `limit` connections wait already.
    void park(const std::string& destination, std::unique_ptr<SmtpConnection> connection, Milliseconds idle_timeout, std::size_t limit);
    // Says QUIT and closes, while the caller goes on.
    void retire(std::unique_ptr<SmtpConnection> connection);
    // All that wait say QUIT, at the same time; none is kept from now on.
    void close();
    std::size_t waiting() const;

  private:
    struct State;
    static io::Task<void> expire(std::shared_ptr<State> state);
    static io::Task<void> quit(std::unique_ptr<SmtpConnection> connection);
    std::shared_ptr<State> state_;
};

}  // namespace ph::deliver
