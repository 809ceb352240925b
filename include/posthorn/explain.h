// posthorn/explain.h: the explainer as a library: a server's reply in, what it means out. Standard types only; link with
// `pkg-config --libs posthorn-explain`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn {

struct Explanation {
    std::string cause;    // id of the catalogue entry: "recipient.mailbox-full"
    std::string reason;   // id of the taxonomy: "mailbox_full"
    std::string fault;    // whose side: "sender", "sender-admin", "recipient", …
    std::string advice;   // the next step in one word: "retry-later", "delist-ip", …
    std::string retry;    // "automatic", "slower", "later", "after-fix", "never"
    bool permanent = false;
    std::uint32_t retry_after = 0;  // seconds; 0 if no time is known
    std::string smtp_code;          // "550", or "" if the text has none
    std::string status;             // "5.2.2"; inferred from the cause if the text has none
    std::string provider;           // "google", or ""
    double confidence = 0;          // 0 to 1
    std::string rule;               // the rule that decided: "recipient.mailbox-full/over-quota"
    std::string evidence;           // the words that decided, as they stand in the reply (UTF-8); "" if a code decided
    std::string title_en, title_zh;
    std::string text_en, text_zh;   // what happened, whose side, whether it is permanent, what to do
};

// What the caller knows beside the text; leave empty what he does not.
struct ReplyHints {
    std::string_view provider;  // "google"
    std::string_view host;      // the peer's name
    std::string_view command;   // "RCPT"
};

// Not for two threads at once; make one for each.
class Explainer {
  public:
    Explainer();  // with the built-in catalogue
    ~Explainer();
    Explainer(Explainer&&) noexcept;
    Explainer& operator=(Explainer&&) noexcept;

    // Adds or replaces one cause. `id` is "family.name", `toml` the text of a catalogue file. Returns the complaints, each with its
    // line; nothing was added if there is one.
    std::vector<std::string> add_cause(std::string_view id, std::string_view toml);

    // `reply` in any charset, with whatever stands around it. Never fails: what nobody knows is explained as that.
    Explanation explain(std::string_view reply, const ReplyHints& hints = {});

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace posthorn
