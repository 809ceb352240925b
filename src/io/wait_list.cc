// io/wait_list.cc: parks coroutines. Asio hands us the suspended coroutine as a handler, which is kept in the frame of wait() itself, so that
// waiting allocates nothing more. A parked coroutine owns itself in that way; when the io_context ends, its service below destroys them all.
#include "io/wait_list.h"

#include <cstddef>
#include <new>
#include <utility>

#include <boost/asio/deferred.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

#include "base/assert.h"

namespace ph::io {
namespace {

// A move-only handler of any type, as small as Asio's own.
class Handler {
  public:
    Handler() = default;
    ~Handler() { drop(); }
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;

    template <typename Resume>
    void keep(Resume resume) {
        static_assert(sizeof(Resume) <= sizeof(storage_) && alignof(Resume) <= alignof(std::max_align_t));
        new (storage_) Resume(std::move(resume));
        use_ = [](Handler& handler, boost::asio::io_context* context) {
            auto* kept = std::launder(reinterpret_cast<Resume*>(handler.storage_));
            Resume taken(std::move(*kept));
            kept->~Resume();
            handler.use_ = nullptr;
            if (context != nullptr) boost::asio::post(*context, std::move(taken));
        };
    }
    bool kept() const { return use_ != nullptr; }
    void post(boost::asio::io_context& context) { use_(*this, &context); }
    // Destroys the coroutine, and with it this handler.
    void drop() {
        if (kept()) use_(*this, nullptr);
    }

  private:
    alignas(std::max_align_t) std::byte storage_[4 * sizeof(void*)];
    void (*use_)(Handler&, boost::asio::io_context*) = nullptr;
};

class Parked;

class ParkingLot final : public boost::asio::execution_context::service {
  public:
    static inline boost::asio::execution_context::id id;
    explicit ParkingLot(boost::asio::execution_context& context) : service(context) {}
    void shutdown() override;

    Link parked;
};

// Base of Waiter, so that the lot finds the handler from the link.
class Parked : public Link {
  public:
    Handler handler;
};

void ParkingLot::shutdown() {
    while (parked.linked()) {
        auto* one = static_cast<Parked*>(parked.next);
        one->unlink();
        one->handler.drop();
    }
}

class Waiter;
// The place in a WaitList, with the way back.
struct Place : Link {
    explicit Place(Waiter& whose) : waiter(whose) {}
    Waiter& waiter;
};

class Waiter final : public Alarm {
  public:
    explicit Waiter(Loop& loop) : loop_(loop), place(*this) {}

    void ring() override { wake(Wake::timed_out); }
    void wake(Wake why) {
        if (woken_) return;
        woken_ = true;
        why_ = why;
        place.unlink();
        unlink();
        if (!parked_.handler.kept()) return;
        parked_.unlink();
        parked_.handler.post(loop_.context());
    }
    template <typename Resume>
    void park(Resume resume) {
        parked_.handler.keep(std::move(resume));
        parked_.insert_before(boost::asio::use_service<ParkingLot>(loop_.context()).parked);
    }
    bool woken() const { return woken_; }
    Wake why() const { return why_; }

  private:
    Loop& loop_;
    Parked parked_;
    bool woken_ = false;
    Wake why_ = Wake::cancelled;

  public:
    Place place;
};

struct Park {
    Waiter* waiter;
    template <typename Resume>
    void operator()(Resume&& resume) const {
        waiter->park(std::forward<Resume>(resume));
    }
};

}  // namespace

Task<Wake> WaitList::wait(Milliseconds timeout) {
    Waiter waiter(loop_);
    waiter.place.insert_before(waiters_);
    const Milliseconds deadline = deadline_of(loop_, timeout);
    if (deadline != never) loop_.set_alarm(waiter, deadline);
    auto parking = boost::asio::async_initiate<const boost::asio::deferred_t, void()>(Park{&waiter}, boost::asio::deferred);
    co_await std::move(parking);
    PH_ASSERT(waiter.woken());
    co_return waiter.why();
}

void WaitList::wake_one(Wake why) {
    if (waiters_.linked()) static_cast<Place*>(waiters_.next)->waiter.wake(why);
}

void WaitList::wake_all(Wake why) {
    while (waiters_.linked()) wake_one(why);
}

}  // namespace ph::io
