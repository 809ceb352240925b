// deliver/smtp_connection.cc: performs the actions of a ClientSession. Small messages go out in one write together with their end; larger
// ones in blocks, so that no message is whole in memory for the sake of sending it.
#include "deliver/smtp_connection.h"

#include <algorithm>
#include <utility>

#include "mail/line_wrap.h"

namespace ph::deliver {
namespace {

using namespace smtp::client;

constexpr std::size_t block = 64 * 1024;

Event gone(const io::IoFault& fault) {
    event::Gone lost;
    switch (fault.trouble) {
        case io::IoTrouble::timed_out:
            lost.how = smtp::Lost::timed_out;
            break;
        case io::IoTrouble::unreachable:
            lost.how = smtp::Lost::unreachable;
            break;
        default:
            lost.how = smtp::Lost::closed;
            break;
    }
    lost.text = fault.message;
    return lost;
}

Event written(const io::IoResult<void>& result) {
    if (result) return event::Written{};
    return gone(result.error());
}

}  // namespace

SmtpConnection::SmtpConnection(io::World& world, Hop hop, std::unique_ptr<io::Stream> stream, Protocol protocol, const smtp::ClientParams& params,
                               std::string hostname)
    : world_(world), hop_(std::move(hop)), stream_(std::move(stream)), session_(protocol, params, std::move(hostname)) {}

io::Task<void> SmtpConnection::open() {
    return drive(event::Connected{}, {});
}

io::Task<void> SmtpConnection::transact(const Transaction& transaction, Content content) {
    ++transactions_;
    size_ = transaction.size;
    body_fault_.reset();
    return drive(event::Transact{&transaction}, content);
}

io::Task<void> SmtpConnection::quit() {
    return drive(event::Quit{}, {});
}

// A reply has its time as a whole; a peer that sends an octet now and then does not get it anew.
Milliseconds SmtpConnection::time_left(const action::Read& read) {
    const Milliseconds now = world_.ticks();
    if (!read.goes_on) read_until_ = now + read.timeout;
    return std::max(read_until_ - now, Milliseconds(1));
}

io::Task<void> SmtpConnection::drive(Event event, Content content) {
    while (true) {
        const Action action = session_.step(event);
        if (const auto* read = std::get_if<action::Read>(&action)) {
            const auto bytes = co_await stream_->read(time_left(*read));
            if (!bytes) {
                event = gone(bytes.error());
            } else if (bytes->empty()) {
                event = event::Gone{};
            } else {
                event = event::Received{*bytes};
            }
        } else if (const auto* write = std::get_if<action::Write>(&action)) {
            const auto result = co_await stream_->write(write->bytes, write->timeout);
            event = written(result);
        } else if (const auto* body = std::get_if<action::WriteBody>(&action)) {
            event = co_await write_body(*body, content);
        } else {
            if (std::holds_alternative<action::Close>(action)) stream_->close();
            co_return;
        }
    }
}

Event SmtpConnection::body_failed(store::StoreFault fault) {
    body_fault_.emplace(std::move(fault));
    return event::BodyFailed{};
}

io::Task<Event> SmtpConnection::write_body(action::WriteBody want, Content content) {
    if (content.recoded == nullptr) co_return co_await write_stored(want, content);
    std::string out(want.before);
    if (want.framing == Framing::raw) {
        out += *content.recoded;
    } else {
        mail::LineWrap wrap(mail::Dots::stuff);
        wrap.append(out, *content.recoded);
        wrap.finish(out);
    }
    const auto result = co_await stream_->write(out, want.timeout);
    co_return written(result);
}

io::Task<Event> SmtpConnection::write_stored(action::WriteBody want, Content content) {
    auto source = co_await content.bodies->open(*content.work);
    if (!source) co_return body_failed(std::move(source).error());
    mail::LineWrap wrap(mail::Dots::stuff);
    std::string out(want.before);
    std::uint64_t total = 0;
    while (true) {
        const auto piece = co_await (*source)->next();
        if (!piece) co_return body_failed(piece.error());
        if (piece->empty()) break;
        total += piece->size();
        for (std::size_t at = 0; at < piece->size(); at += block) {
            const std::string_view part = piece->substr(at, block);
            if (want.framing == Framing::raw) {
                out += part;
            } else {
                wrap.append(out, part);
            }
            if (out.size() < block) continue;
            const auto result = co_await stream_->write(out, want.timeout);
            if (!result) co_return gone(result.error());
            out.clear();
        }
    }
    // A body of another size than the spool told is not the message; without the end of data the peer will not take it.
    if (total != size_)
        co_return body_failed({store::Trouble::damaged, "it has " + std::to_string(total) + " octets instead of " + std::to_string(size_)});
    if (want.framing == Framing::dots) wrap.finish(out);
    if (out.empty()) co_return event::Written{};
    const auto result = co_await stream_->write(out, want.timeout);
    co_return written(result);
}

}  // namespace ph::deliver
