// explain/test_catalogue.h: small catalogues from TOML text, for the tests and fuzzers of this room, which do not see the generated one.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "explain/catalogue_loader.h"

namespace ph::explain {

// The texts that every cause file needs.
inline constexpr std::string_view sample_texts =
    "[en]\ntitle = \"A title\"\ncause = \"A cause for {address|the recipient}.\"\nsender = \"Do this.\"\n"
    "[zh]\ntitle = \"标题\"\ncause = \"{address|收件人} 的原因。\"\nsender = \"请这样做。\"\n";

// Has unstated.none, which says nothing but 4xx and 5xx. A mistake in a test's TOML ends the test.
class TestCatalogue {
  public:
    TestCatalogue() { cause("unstated.none", "[[match]]\nid = \"code\"\ncode = [\"4xx\", \"5xx\"]\n", "reason = \"undetermined\"\n"); }

    // `rules` are the [[match]] and [[reply]] tables; `head` stands before them and names the reason; examples are made up if it has none.
    TestCatalogue& cause(const std::string& id, std::string_view rules, std::string_view head = "reason = \"user_unknown\"\n") {
        std::string text(head);
        if (text.find("examples") == std::string::npos) text += "examples = [\"550 an example\"]\n";
        text += rules;
        text += sample_texts;
        return file(id + ".toml", text);
    }

    TestCatalogue& providers(std::string_view text) { return file("providers.toml", text); }

    TestCatalogue& file(const std::string& path, std::string_view text) {
        CatalogueLoader loader;
        loader.add_file(path, path, text);
        for (const Fault& fault : loader.faults()) {
            std::fprintf(stderr, "%s\n", to_text(fault).c_str());
            std::abort();
        }
        catalogue_.add(loader.part(), loader.arena());
        return *this;
    }

    status::Catalogue& get() { return catalogue_; }

  private:
    status::Catalogue catalogue_;
};

}  // namespace ph::explain
