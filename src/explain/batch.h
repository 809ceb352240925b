// explain/batch.h: JSON lines in, JSON lines out: {"id":…, "text":…} with optional "provider", "host", "command".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "explain/explainer.h"
#include "explain/report_json.h"

namespace ph::explain {

// The longest line that is read; a longer one is answered with an error.
inline constexpr std::size_t max_batch_line = 1024 * 1024;

class Batch {
  public:
    explicit Batch(const status::Catalogue& catalogue);
    ~Batch();

    // Appends the answer to one line (without its line end) and a line end; nothing for a blank line. False if the line was no request; the answer
    // then is {"id":null,"error":…}.
    bool answer(std::string_view line, std::string& out);
    // The same for a line that was too long to be kept.
    void answer_too_long(std::string& out);

  private:
    struct Parser;
    bool refuse(std::string& out, std::string_view why) const;

    Explainer explainer_;
    JsonReporter reporter_;
    std::unique_ptr<Parser> parser_;
    std::uint64_t line_ = 0;
};

}  // namespace ph::explain
