// explain/text_template_test.cc: {name|fallback} is filled from the reply, and the JSON form says the same.
#include "explain/text_template.h"

#include <string>

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "explain/explainer.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

using status::Language;

std::string filled(std::string_view text, std::string_view reply, Language language = Language::en) {
    TestCatalogue catalogue;
    Explainer explainer(catalogue.get());
    const Diagnosis& diagnosis = explainer.diagnose(reply);
    std::string out;
    append_filled(out, text, diagnosis, language);
    std::string json;
    JsonTemplate(text, language).append(json, diagnosis);
    std::string wanted;
    append_json_escaped(wanted, out);
    EXPECT_EQ(json, wanted) << "both forms say the same";
    return out;
}

TEST(TextTemplate, PutsTheValueOrTheFallbackIn) {
    constexpr std::string_view text = "Ask {address|the recipient} at {ip|the host}.";
    EXPECT_EQ(filled(text, "550 <ann@example.net> [192.0.2.1]"), "Ask ann@example.net at 192.0.2.1.");
    EXPECT_EQ(filled(text, "550 <ann@example.net>"), "Ask ann@example.net at the host.");
    EXPECT_EQ(filled(text, "550 no"), "Ask the recipient at the host.");
}

TEST(TextTemplate, KeepsTextWithoutPlaces) {
    EXPECT_EQ(filled("Nothing to fill \"in\"\n", "550 no"), "Nothing to fill \"in\"\n");
    EXPECT_EQ(filled("", "550 no"), "");
    EXPECT_EQ(filled("{address|a}{domain|b}", "550 no"), "ab");
}

TEST(TextTemplate, EscapesHostileValues) {
    EXPECT_EQ(filled("See {url|it}.", "550 https://example.com/\x01\"<>"), "See https://example.com/.");
}

TEST(TextTemplate, PartsChineseFromLatinButNotFromChinese) {
    constexpr std::string_view text = "请检查 {address|收件人} 的地址";
    EXPECT_EQ(filled(text, "550 <ann@example.net>", Language::zh), "请检查 ann@example.net 的地址");
    EXPECT_EQ(filled(text, "550 no", Language::zh), "请检查收件人的地址");
}

}  // namespace
}  // namespace ph::explain
