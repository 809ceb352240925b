// store/log/writer.h: the one who writes the log. Takes everything that is queued, writes it with one call and one sync, and hands it back: so a
// hundred sessions share a sync. Runs on its lane; the loop only queues requests and gets them back, in order.
//
// A segment is written front to back and never again after an error: what a failed sync has lost cannot be known, and the kernel tells it once.
// Settlements of a failed write are written again into a fresh segment, from memory; its new mail is refused, nobody was told it is safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <sys/uio.h>
#include <vector>

#include "store/log/files.h"
#include "store/log/lane.h"
#include "store/log/segment.h"
#include "store/log/spares.h"

namespace ph::store::log {

// The chunks of one body, in order. Filled in on the writer's lane when they are placed; the loop looks at it only after the message itself.
struct Chunks {
    std::vector<Place> places;
    std::optional<StoreFault> fault;
};

// A record on its way to the disk.
struct Outgoing {
    RecordHeader header;               // type, id and flags as given; the rest is the writer's
    std::string head;                  // room for the header, then the meta part
    BodyPtr body{};                    // written from where it lies
    std::shared_ptr<Chunks> chunks{};  // of a chunk: told its place; of a message: all of it, appended to the meta part
    std::uint32_t chunk_count = 0;     // of a message
    Place place{};                     // where it was put
};

struct Request {
    Use use = Use::mail;
    bool sync = true;  // or it is durable with the next one that is synced
    bool again = false;
    std::vector<Outgoing> records{};
    std::optional<StoreFault> fault{};   // why nothing of it was written
    std::function<void(Request&)> then;  // on the loop
};
using RequestPtr = std::unique_ptr<Request>;

// What the writer has done since it last spoke.
struct Written {
    struct Ended {
        std::uint32_t sequence = 0;
        bool failed = false;  // not to be used again
    };
    std::vector<SegmentPtr> opened;
    std::vector<Ended> ended;
    std::vector<RequestPtr> requests;
    std::uint32_t active = 0;  // segment, and how far it is written
    std::uint64_t end = 0;
};

// The segment that is written to.
struct Active {
    SegmentPtr segment;
    std::uint64_t end = first_record;
    std::uint64_t durable = first_record;
    std::string summary{};
};

class Writer {
  public:
    struct Start {
        std::string directory;  // for messages
        std::uint64_t segment_size = 0;
        std::uint64_t key = 0;
        std::uint64_t next_sequence = 1;
        std::uint64_t next_group = 1;
        std::uint64_t previous = 0;  // the segment before the next one, and how far it counts
        std::uint64_t previous_end = 0;
        std::optional<Active> active{};
    };
    // `deliver` is called on the lane.
    Writer(Files& files, Spares& spares, Health& health, Lane& lane, Start start, std::function<void(std::shared_ptr<Written>)> deliver);

    void send(RequestPtr request);

  private:
    struct Group {
        std::vector<RequestPtr> requests;
        std::uint64_t from = 0;
        std::uint64_t size = 0;
        std::uint64_t summary = 0;  // what it may add to it
        bool sync = false;
    };

    void drain();
    void write_group();
    Group gather();
    std::optional<StoreFault> refuse(const Request& request) const;
    bool fits(const Group& group, const Request& request) const;
    void make_room(const Request& request, std::optional<StoreFault>& fault);
    void place(Group& group, RequestPtr request);
    std::optional<std::string> write(Group& group);
    void seal_headers(Group& group);
    void finish(Group& group);
    void give_up(Group& group, const std::string& what);
    std::string trouble(const char* action, int error) const;
    void seal();
    bool write_summary();
    void abandon();
    std::optional<StoreFault> open_segment(Use use, std::uint64_t capacity);
    void probe_later();
    void probe();
    void speak();

    Files& files_;
    Spares& spares_;
    Health& health_;
    Lane& lane_;
    Start at_;  // where the log goes on; `active` is the segment in use
    std::function<void(std::shared_ptr<Written>)> deliver_;

    std::mutex mutex_;
    std::vector<RequestPtr> queue_;  // under mutex_
    bool running_ = false;           // under mutex_

    // The lane's.
    std::deque<RequestPtr> pending_;
    std::shared_ptr<Written> written_ = std::make_shared<Written>();
    std::vector<std::pair<std::uint32_t, std::uint64_t>> abandoned_;  // segments, and how far they count
    std::vector<iovec> pieces_;
    bool failing_ = false;
    bool probing_ = false;
};

}  // namespace ph::store::log
