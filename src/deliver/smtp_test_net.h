// deliver/smtp_test_net.h: for tests: mail servers in a TestWorld, each a place with TestPeers behind it, and work to deliver to them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "deliver/body_source.h"
#include "io/test_world.h"
#include "smtp/client/test_peer.h"

namespace ph::deliver {

// A server at one endpoint; `make` gives the peer for each connection, in order.
struct TestServer {
    std::function<smtp::client::TestPeer()> make = [] { return smtp::client::TestPeer{}; };
    Milliseconds answers_after{};
    std::vector<std::shared_ptr<smtp::client::TestPeer>> sessions;

    // Of all sessions, one after the other.
    std::vector<std::string> messages() const {
        std::vector<std::string> all;
        for (const auto& session : sessions) all.insert(all.end(), session->messages.begin(), session->messages.end());
        return all;
    }
};

inline io::Task<void> serve_one(io::World& world, std::unique_ptr<io::Stream> stream, std::shared_ptr<smtp::client::TestPeer> peer,
                                Milliseconds delay) {
    std::string out = peer->greeting;
    while (true) {
        if (delay.count() > 0) co_await world.sleep(delay);
        if (!out.empty()) {
            const auto written = co_await stream->write(out, Milliseconds(1'000'000));
            if (!written) co_return;
        }
        if (peer->closed) co_return;
        const auto bytes = co_await stream->read(Milliseconds(10'000'000));
        if (!bytes || bytes->empty()) co_return;
        out = peer->take(*bytes);
    }
}

inline io::Task<void> serve(io::World& world, std::unique_ptr<io::Listener> listener, std::shared_ptr<TestServer> server) {
    while (true) {
        auto stream = co_await listener->accept();
        if (!stream) co_return;
        auto peer = std::make_shared<smtp::client::TestPeer>(server->make());
        server->sessions.push_back(peer);
        world.spawn(serve_one(world, *std::move(stream), std::move(peer), server->answers_after));
    }
}

inline std::shared_ptr<TestServer> start_server(io::TestWorld& world, const std::string& at) {
    auto server = std::make_shared<TestServer>();
    auto listener = world.listen(*io::parse_endpoint(at));
    PH_ASSERT(listener);
    world.spawn(serve(world, *std::move(listener), server));
    return server;
}

// Bodies from a text, in pieces of 7 octets, or a fault in their middle.
class TestBodies final : public BodyOpener {
  public:
    std::string text = "Subject: x\r\n\r\n.hello\r\n";
    bool fails = false;
    std::size_t piece = 7;

    io::Task<store::Stored<std::unique_ptr<BodySource>>> open(const spool::Work& /*work*/) override {
        std::unique_ptr<BodySource> source = std::make_unique<Source>(*this);
        co_return source;
    }

  private:
    class Source final : public BodySource {
      public:
        explicit Source(const TestBodies& bodies) : bodies_(bodies) {}
        io::Task<store::Stored<std::string_view>> next() override {
            if (bodies_.fails && at_ > 0) co_return tl::unexpected(store::StoreFault{store::Trouble::damaged, "checksum"});
            const std::string_view piece = std::string_view(bodies_.text).substr(at_, bodies_.piece);
            at_ += piece.size();
            co_return piece;
        }

      private:
        const TestBodies& bodies_;
        std::size_t at_ = 0;
    };
};

inline spool::Work make_work(const TestBodies& bodies, const std::vector<std::string>& recipients, TimePoint arrived) {
    spool::Work work;
    auto info = std::make_shared<spool::MessageInfo>();
    info->envelope.reverse_path = {"sender", "client.example"};
    info->arrived = arrived;
    work.info = info;
    work.size = bodies.text.size();
    work.data.reverse_path = info->envelope.reverse_path;
    for (const std::string& local_part : recipients) {
        spool::PendingRecipient pending;
        pending.recipient.address = {local_part, "example.org"};
        pending.original = pending.recipient.address;
        work.data.recipients.push_back(std::move(pending));
    }
    return work;
}

}  // namespace ph::deliver
