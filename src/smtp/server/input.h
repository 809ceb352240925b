// smtp/server/input.h: octets that came and were not used yet. They are read where the caller has them, and copied only when a step ends
// before all are used; an idle session holds none.
#pragma once

#include <string>
#include <string_view>

namespace ph::smtp {

class Input {
  public:
    // New octets; `bytes` must live until keep().
    void receive(std::string_view bytes) {
        if (rest_.empty()) {
            rest_ = bytes;
            borrowed_ = true;
            return;
        }
        compact();
        kept_.append(bytes);
        rest_ = kept_;
    }
    std::string_view rest() const { return rest_; }
    void take(std::size_t count) { rest_.remove_prefix(count); }
    void clear() { rest_ = {}; }

    // The caller's octets go: what is left of them is copied.
    void keep() {
        if (!borrowed_) return;
        borrowed_ = false;
        if (rest_.empty()) return;
        kept_.assign(rest_);
        rest_ = kept_;
    }
    // Nothing refers to used octets any more: their memory goes.
    void release() {
        if (borrowed_) {
            std::string().swap(kept_);
        } else if (!kept_.empty()) {
            compact();
            kept_.shrink_to_fit();
            rest_ = kept_;
        }
    }

  private:
    void compact() { kept_.erase(0, kept_.size() - rest_.size()); }

    std::string kept_;
    std::string_view rest_;  // a tail of kept_, or the caller's
    bool borrowed_ = false;
};

}  // namespace ph::smtp
