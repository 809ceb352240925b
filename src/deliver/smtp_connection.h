// deliver/smtp_connection.h: one connection to another server: a ClientSession and the stream it speaks over. The only place of delivery that
// reads and writes sockets.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "deliver/body_source.h"
#include "deliver/mx_lookup.h"
#include "io/world.h"
#include "smtp/client/session.h"

namespace ph::deliver {

// What goes over the wire after DATA.
struct Content {
    const spool::Work* work = nullptr;
    BodyOpener* bodies = nullptr;
    const std::string* recoded = nullptr;  // instead of the stored body, for a peer that lacks 8BITMIME
};

class SmtpConnection {
  public:
    SmtpConnection(io::World& world, Hop hop, std::unique_ptr<io::Stream> stream, smtp::client::Protocol protocol, const smtp::ClientParams& params,
                   std::string hostname);
    SmtpConnection(const SmtpConnection&) = delete;
    SmtpConnection& operator=(const SmtpConnection&) = delete;

    // Greeting and EHLO; then session().usable(), or session().refusal() says why not.
    io::Task<void> open();
    // The result is in session().result().
    io::Task<void> transact(const smtp::client::Transaction& transaction, Content content);
    // QUIT, its answer, the end.
    io::Task<void> quit();

    smtp::ClientSession& session() { return session_; }
    const Hop& hop() const { return hop_; }
    std::uint32_t transactions() const { return transactions_; }
    // What the store said when a transaction ended with Fate::body_failed.
    const std::optional<store::StoreFault>& body_fault() const { return body_fault_; }

  private:
    io::Task<void> drive(smtp::client::Event event, Content content);
    io::Task<smtp::client::Event> write_body(smtp::client::action::WriteBody want, Content content);
    io::Task<smtp::client::Event> write_stored(smtp::client::action::WriteBody want, Content content);
    Milliseconds time_left(const smtp::client::action::Read& read);
    smtp::client::Event body_failed(store::StoreFault fault);

    io::World& world_;
    Hop hop_;
    std::unique_ptr<io::Stream> stream_;
    smtp::ClientSession session_;
    Milliseconds read_until_{};
    std::uint32_t transactions_ = 0;
    std::uint64_t size_ = 0;  // that the transaction under way announced
    std::optional<store::StoreFault> body_fault_;
};

}  // namespace ph::deliver
