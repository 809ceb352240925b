// deliver/maildir_transport.cc: one message into many Maildirs: the body is read once and written to all files piece by piece, on a thread that
// may wait for the disk. Small messages take one such turn from the first open to the last fsync.
#include "deliver/maildir_transport.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <unistd.h>
#include <utility>

#include "base/ascii.h"
#include "deliver/finding.h"
#include "deliver/local_text.h"
#include "deliver/maildir_file.h"
#include "deliver/maildir_quota.h"
#include "mail/content_scanner.h"

namespace ph::deliver {

// One recipient on the way. Without an outcome it is still to be written.
struct MaildirTransport::Copy {
    mail::Mailbox recipient;
    directory::LocalUser user;
    std::string name;    // of the file
    std::string header;  // what we put before the message
    std::optional<MaildirFile> file;
    std::optional<RecipientOutcome> outcome;
    bool host_trouble = false;

    void fail(const Obstacle& obstacle);
};

namespace {

constexpr std::size_t copies_at_once = 50;        // each has three descriptors open
constexpr std::size_t piece_size = 256UL * 1024;  // of the body, in memory at a time; Delivered-To: fields beyond the first are not looked for

// The next piece of the body with LF line ends; `end` when it was the last. `scanner` sees it as it was, if there is one.
io::Task<store::Stored<void>> fill(BodySource& source, LineEnds& ends, mail::ContentScanner* scanner, std::string& piece, bool& end) {
    piece.clear();
    while (piece.size() < piece_size) {
        const store::Stored<std::string_view> next = co_await source.next();
        if (!next) co_return tl::unexpected(next.error());
        if (next->empty()) {
            end = true;
            ends.finish(piece);
            break;
        }
        if (scanner != nullptr) scanner->feed(*next);
        ends.append(piece, *next);
    }
    co_return store::Stored<void>{};
}

// RFC 5321 4.4 and situation 127: a message that was delivered to this address before comes back in a circle.
bool went_by(const mail::ContentFacts& facts, const mail::Mailbox& recipient) {
    return std::find(facts.delivered_to.begin(), facts.delivered_to.end(), to_lower(to_text(recipient))) != facts.delivered_to.end();
}

std::string over_quota(const MailboxUsage& usage, std::uint64_t quota) {
    return "mailbox full: it holds " + bytes_text(usage.bytes) + " of " + bytes_text(quota);
}

template <typename Copies>
void give_up(Copies& copies, const store::StoreFault& fault) {
    for (auto& copy : copies) {
        if (!copy.outcome) copy.outcome = finding(fault);
    }
}

}  // namespace

void MaildirTransport::Copy::fail(const Obstacle& obstacle) {
    outcome = finding(obstacle);
    if ((obstacle.error == EACCES || obstacle.error == EPERM) && !owner_of(user).give) {
        outcome->text += "; the server runs as user " + std::to_string(::geteuid()) + ", the mailbox is that of user " + std::to_string(user.uid);
    }
    host_trouble = is_host_trouble(obstacle);
    file.reset();
}

MaildirTransport::MaildirTransport(io::World& world, CurrentDirectory directory, BodyOpener& bodies, std::string hostname)
    : world_(world), directory_(std::move(directory)), bodies_(bodies), hostname_(std::move(hostname)) {}

io::Task<Attempt> MaildirTransport::attempt(const spool::Work& work, const directory::Route&) {
    const Milliseconds start = world_.ticks();
    Attempt attempt;
    attempt.facts.reached = true;
    const std::size_t count = work.data.recipients.size();
    for (std::size_t begin = 0; begin < count; begin += copies_at_once) {
        co_await deliver(work, begin, std::min(begin + copies_at_once, count), attempt);
    }
    attempt.facts.took = world_.ticks() - start;
    co_return attempt;
}

io::Task<void> MaildirTransport::deliver(const spool::Work& work, std::size_t begin, std::size_t end, Attempt& attempt) {
    std::vector<Copy> copies = co_await prepare(work, begin, end);
    const bool any = std::any_of(copies.begin(), copies.end(), [](const Copy& copy) { return !copy.outcome; });
    if (any) {
        const store::Stored<std::unique_ptr<BodySource>> source = co_await bodies_.open(work);
        if (source) {
            co_await stream(work.size, **source, copies);
        } else {
            give_up(copies, source.error());
        }
    }
    for (Copy& copy : copies) {
        attempt.facts.host_trouble = attempt.facts.host_trouble || copy.host_trouble;
        attempt.outcomes.push_back(*std::move(copy.outcome));
    }
}

io::Task<std::vector<MaildirTransport::Copy>> MaildirTransport::prepare(const spool::Work& work, std::size_t begin, std::size_t end) {
    const std::shared_ptr<directory::Directory> directory = directory_();
    std::vector<Copy> copies;
    copies.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
        Copy& copy = copies.emplace_back();
        copy.recipient = work.data.recipients[i].recipient.address;
        std::optional<directory::LocalUser> user = co_await directory->user(copy.recipient);
        if (!user) {
            copy.outcome = finding({5, 1, 1}, 125, "unknown user: \"" + to_text(copy.recipient) + "\"");
            continue;
        }
        copy.user = *std::move(user);
        copy.name = maildir_name(world_.now(), ++counter_, hostname_);
        copy.header = final_header(work.data.reverse_path, copy.recipient);
    }
    co_return copies;
}

namespace {

template <typename Copy>
void open_copy(Copy& copy, std::uint64_t size, TimePoint now) {
    auto folder = open_maildir(copy.user);
    if (!folder) return copy.fail(folder.error());
    if (copy.user.quota_bytes != 0) {
        const auto usage = maildir_usage(folder->top.get(), folder->owner, copy.user.quota_bytes, size, now);
        if (!usage) return copy.fail(usage.error());
        if (usage->bytes + size > copy.user.quota_bytes) {
            copy.outcome = finding({4, 2, 2}, 124, over_quota(*usage, copy.user.quota_bytes));
            return;
        }
    }
    auto file = MaildirFile::create(*std::move(folder), copy.name);
    if (!file) return copy.fail(file.error());
    copy.file.emplace(*std::move(file));
    if (const auto wrote = copy.file->write(copy.header); !wrote) copy.fail(wrote.error());
}

template <typename Copy>
void publish_copy(Copy& copy) {
    if (const auto published = copy.file->publish(); !published) return copy.fail(published.error());
    const MaildirFolder& folder = copy.file->folder();
    if (copy.user.quota_bytes != 0) add_to_usage(folder.top.get(), folder.owner, copy.file->size());
    copy.outcome = delivered_here("delivered to mailbox");
    copy.file.reset();
}

template <typename Copies>
void refuse_loops(const mail::ContentFacts& facts, Copies& copies) {
    for (auto& copy : copies) {
        if (!copy.outcome && went_by(facts, copy.recipient))
            copy.outcome = finding({5, 4, 6}, 127, "mail forwarding loop for " + to_text(copy.recipient));
    }
}

// Step by step for all copies, so that the disk gets the writes of all before it is asked to sync the first.
template <typename Copies>
void write_copies(Copies& copies, std::string_view piece, bool last, std::uint64_t size, TimePoint now) {
    const auto each = [&](auto&& step) {
        for (auto& copy : copies) {
            if (!copy.outcome) step(copy);
        }
    };
    each([&](auto& copy) {
        if (!copy.file) open_copy(copy, size, now);
    });
    each([&](auto& copy) {
        if (const auto wrote = copy.file->write(piece); !wrote) copy.fail(wrote.error());
    });
    if (!last) return;
    each([](auto& copy) {
        if (const auto synced = copy.file->sync(); !synced) copy.fail(synced.error());
    });
    each([](auto& copy) { publish_copy(copy); });
}

}  // namespace

io::Task<void> MaildirTransport::stream(std::uint64_t size, BodySource& source, std::vector<Copy>& copies) {
    LineEnds ends;
    mail::ContentScanner scanner;
    std::string piece;
    bool first = true;
    bool last = false;
    while (true) {
        mail::ContentScanner* const reader = first ? &scanner : nullptr;
        const store::Stored<void> filled = co_await fill(source, ends, reader, piece, last);
        if (!filled) {
            // Their files are taken away where the disk may be waited for.
            co_await world_.blocking([&] {
                for (Copy& copy : copies) copy.file.reset();
            });
            co_return give_up(copies, filled.error());
        }
        if (std::exchange(first, false)) refuse_loops(scanner.finish(), copies);
        const TimePoint now = world_.now();
        co_await world_.blocking([&] { write_copies(copies, piece, last, size, now); });
        if (last) co_return;
    }
}

}  // namespace ph::deliver
