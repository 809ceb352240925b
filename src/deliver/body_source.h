// deliver/body_source.h: the content of a message, pulled piece by piece by a transport. It is the stored content: lines end in CRLF, our
// Received: header stands before it, no dots are doubled. It comes from memory if it is still there, otherwise from the spool.
#pragma once

#include <memory>
#include <string_view>

#include "spool/spool.h"

namespace ph::deliver {

// One reading of one body, from its beginning to its end.
class BodySource {
  public:
    virtual ~BodySource() = default;
    // The next piece; empty at the end. The view lives until the next call or the end of the source.
    virtual io::Task<store::Stored<std::string_view>> next() = 0;
};

// Where transports get the bodies of their work from; each call begins at the start again.
class BodyOpener {
  public:
    virtual ~BodyOpener() = default;
    // `work` outlives the source.
    virtual io::Task<store::Stored<std::unique_ptr<BodySource>>> open(const spool::Work& work) = 0;
};

// The product's: work.body if it is there, otherwise spool.engine().open_body(). Both outlive the sources.
std::unique_ptr<BodyOpener> make_body_opener(spool::Spool& spool, io::World& world);

}  // namespace ph::deliver
