// explain/explainer.h: a reply in, its Diagnosis out. Pure: the same reply, hints and catalogue give the same diagnosis.
#pragma once

#include <string>
#include <string_view>

#include "explain/diagnosis.h"
#include "explain/matcher.h"
#include "status/catalogue.h"

namespace ph::explain {

// The most bytes of a reply that are looked at. RFC 5321 4.5.3.1.5 allows 512 a line; the rest is not worth reading.
inline constexpr std::size_t max_reply_bytes = 64 * 1024;

// What the caller knows beside the reply. Empty where he does not.
struct Hints {
    std::string_view provider;
    std::string_view host;
    std::string_view command;
};

// One per thread. The catalogue must outlive it and have the cause unstated.none.
class Explainer {
  public:
    explicit Explainer(const status::Catalogue& catalogue);

    // `reply` in any charset, with whatever stands around it. The result is valid until the next call.
    const Diagnosis& diagnose(std::string_view reply, const Hints& hints = {});

  private:
    void read(std::string_view text);
    void judge();

    const status::Cause* fallback_;
    Matcher matcher_;
    Diagnosis diagnosis_;
    std::string decoded_;
    std::string narrowed_;
};

}  // namespace ph::explain
