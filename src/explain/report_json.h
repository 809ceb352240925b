// explain/report_json.h: a Diagnosis for programs: one JSON object on one line (man posthorn-explain, "JSON").
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "explain/diagnosis.h"
#include "explain/text_template.h"

namespace ph::explain {

// Keeps each cause's texts ready for JSON once they were needed. One per thread.
class JsonReporter {
  public:
    // Appends the object, without a line end. `id_json` is put in as "id", already JSON; "" leaves it out.
    void append(std::string& out, const Diagnosis& diagnosis, std::string_view id_json);

  private:
    // What depends on the cause, and on the cause with what the code claims, made when it is first needed.
    struct Prepared {
        std::array<std::string, 3> verdicts;               // by Claim: the fields from "reason" to "retry"
        std::array<std::array<JsonTemplate, 2>, 2> texts;  // by language, by permanent or not
    };
    Prepared& prepared(const status::Cause& cause);
    static void write_verdict(std::string& out, const Diagnosis& diagnosis);

    std::unordered_map<const status::Cause*, std::unique_ptr<Prepared>> prepared_;
    std::string scratch_;
};

// The explanation as one running text: what happened, whether it is permanent, on whose side, what to do. {…} not filled in.
std::string running_text(const status::Cause& cause, status::Language language, bool permanent);

}  // namespace ph::explain
