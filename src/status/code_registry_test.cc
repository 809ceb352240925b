// status/code_registry_test.cc: the tables of basic_codes.cc and enhanced_codes.cc are complete, sorted and bilingual, and are found.
// The list of the IANA registry is written out here a second time, so that a line lost from the table does not go unseen.
#include "status/code_registry.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace ph::status {
namespace {

// Whether a character of U+4E00 to U+9FFF stands in the UTF-8 text.
bool has_chinese(std::string_view text) {
    for (std::size_t at = 0; at + 2 < text.size(); ++at) {
        const auto byte = [&](std::size_t offset) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + offset])); };
        if ((byte(0) & 0xF0U) != 0xE0U) continue;
        const std::uint32_t character = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
        if (character >= 0x4E00U && character <= 0x9FFFU) return true;
    }
    return false;
}

void expect_both_languages(const Bilingual& text, const std::string& of) {
    EXPECT_FALSE(text.en.empty()) << of;
    EXPECT_FALSE(has_chinese(text.en)) << of << ": " << text.en;
    EXPECT_TRUE(has_chinese(text.zh)) << of << ": " << text.zh;
}

std::string name_of(const EnhancedCodeEntry& entry) {
    return "X." + std::to_string(entry.subject) + "." + std::to_string(entry.detail);
}

// Each key is greater than the one before it, so sorted and unique.
template <typename Table, typename Project>
bool strictly_ascending(const Table& table, Project project) {
    return std::ranges::adjacent_find(table, std::ranges::greater_equal{}, project) == table.end();
}

const BasicCodeEntry* find_basic(int code) {
    return find(*ReplyCode::from(code));
}

TEST(CodeRegistry, KeepsTheTablesSortedAndUnique) {
    EXPECT_TRUE(strictly_ascending(basic_codes(), &BasicCodeEntry::code));
    EXPECT_TRUE(strictly_ascending(enhanced_codes(), [](const EnhancedCodeEntry& entry) { return entry.subject * 1000 + entry.detail; }));
    EXPECT_TRUE(strictly_ascending(subjects(), &SubjectEntry::subject));
    EXPECT_TRUE(strictly_ascending(classes(), &ClassEntry::code_class));
}

TEST(CodeRegistry, NamesEveryEntryInBothLanguages) {
    for (const BasicCodeEntry& entry : basic_codes()) {
        expect_both_languages(entry.name, std::to_string(entry.code));
        expect_both_languages(entry.meaning, std::to_string(entry.code));
    }
    for (const EnhancedCodeEntry& entry : enhanced_codes()) {
        expect_both_languages(entry.name, name_of(entry));
        expect_both_languages(entry.meaning, name_of(entry));
    }
    for (const SubjectEntry& entry : subjects()) {
        expect_both_languages(entry.name, "X." + std::to_string(entry.subject));
        expect_both_languages(entry.meaning, "X." + std::to_string(entry.subject));
    }
    for (const ClassEntry& entry : classes()) {
        expect_both_languages(entry.name, std::to_string(entry.code_class));
        expect_both_languages(entry.meaning, std::to_string(entry.code_class));
    }
}

TEST(CodeRegistry, CitesAnRfcForEveryRegisteredBasicCode) {
    for (const BasicCodeEntry& entry : basic_codes()) {
        EXPECT_EQ(entry.source.starts_with("RFC "), entry.standing == Standing::registered) << entry.code << ": " << entry.source;
        EXPECT_FALSE(entry.source.empty()) << entry.code;
    }
}

TEST(CodeRegistry, SaysOfEveryDialectBasicCodeThatNoRfcDefinesIt) {
    for (const BasicCodeEntry& entry : basic_codes()) {
        const bool says_so = entry.meaning.en.starts_with("No RFC defines this code") && entry.meaning.zh.starts_with("没有 RFC 定义此代码");
        EXPECT_EQ(says_so, entry.standing == Standing::dialect) << entry.code;
    }
}

TEST(CodeRegistry, NamesTheSourceAndTheClassesOfEveryEnhancedCode) {
    for (const EnhancedCodeEntry& entry : enhanced_codes()) {
        EXPECT_FALSE(entry.source.empty()) << name_of(entry);
        EXPECT_FALSE(entry.classes.empty()) << name_of(entry);
        EXPECT_EQ(entry.classes.find_first_not_of("245"), std::string_view::npos) << name_of(entry);
        EXPECT_TRUE(strictly_ascending(entry.classes, std::identity{})) << name_of(entry);
        EXPECT_FALSE(entry.standing == Standing::dialect && entry.source.starts_with("RFC ")) << name_of(entry);
    }
}

TEST(CodeRegistry, KnowsEveryEntryOfTheIanaRegistry) {
    constexpr std::string_view registry[] = {
        "0.0",  "1.0",  "1.1",  "1.2",  "1.3",  "1.4",  "1.5",  "1.6",  "1.7",  "1.8",  "1.9",  "1.10", "2.0",  "2.1",  "2.2",  "2.3",  "2.4",
        "3.0",  "3.1",  "3.2",  "3.3",  "3.4",  "3.5",  "3.6",  "4.0",  "4.1",  "4.2",  "4.3",  "4.4",  "4.5",  "4.6",  "4.7",  "5.0",  "5.1",
        "5.2",  "5.3",  "5.4",  "5.5",  "5.6",  "6.0",  "6.1",  "6.2",  "6.3",  "6.4",  "6.5",  "6.6",  "6.7",  "6.8",  "6.9",  "6.10", "7.0",
        "7.1",  "7.2",  "7.3",  "7.4",  "7.5",  "7.6",  "7.7",  "7.8",  "7.9",  "7.10", "7.11", "7.12", "7.13", "7.14", "7.15", "7.16", "7.17",
        "7.18", "7.19", "7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26", "7.27", "7.28", "7.29", "7.30",
    };
    for (const std::string_view topic : registry) {
        const auto code = EnhancedCode::parse("5." + std::string(topic));
        ASSERT_TRUE(code) << topic;
        const EnhancedCodeEntry* entry = find(*code);
        ASSERT_NE(entry, nullptr) << topic;
        EXPECT_EQ(entry->subject, code->subject) << topic;
        EXPECT_EQ(entry->detail, code->detail) << topic;
        EXPECT_EQ(entry->standing, Standing::registered) << topic;
    }
    const auto registered = std::ranges::count(enhanced_codes(), Standing::registered, &EnhancedCodeEntry::standing);
    EXPECT_EQ(static_cast<std::size_t>(registered), std::size(registry));
}

TEST(CodeRegistry, KnowsEveryReplyCodeOfRfc5321) {
    for (const int code : {211, 214, 220, 221, 250, 251, 252, 354, 421, 450, 451, 452, 455, 500, 501, 502, 503, 504, 550, 551, 552, 553, 554, 555}) {
        const BasicCodeEntry* entry = find_basic(code);
        ASSERT_NE(entry, nullptr) << code;
        EXPECT_EQ(entry->standing, Standing::registered) << code;
    }
}

TEST(CodeRegistry, KnowsTheReplyCodesOfTheExtensions) {
    for (const int code : {235, 253, 334, 355, 432, 453, 454, 458, 459, 521, 523, 525, 530, 534, 535, 538, 556}) {
        const BasicCodeEntry* entry = find_basic(code);
        ASSERT_NE(entry, nullptr) << code;
        EXPECT_EQ(entry->standing, Standing::registered) << code;
    }
}

TEST(CodeRegistry, KnowsTheCodesThatServersSendWithoutAnyRfc) {
    for (const int code : {440, 445, 472, 505, 571}) {
        const BasicCodeEntry* entry = find_basic(code);
        ASSERT_NE(entry, nullptr) << code;
        EXPECT_EQ(entry->code, code);
        EXPECT_EQ(entry->standing, Standing::dialect) << code;
    }
}

TEST(CodeRegistry, HoldsCodesThatIanaListsWithoutAnRfcForDialect) {
    for (const int code : {422, 430, 524, 533}) {
        const BasicCodeEntry* entry = find_basic(code);
        ASSERT_NE(entry, nullptr) << code;
        EXPECT_EQ(entry->standing, Standing::dialect) << code;
    }
}

TEST(CodeRegistry, FindsAnEnhancedCodeWhateverItsClass) {
    EXPECT_EQ(find(EnhancedCode{4, 7, 25}), find(EnhancedCode{5, 7, 25}));
    const EnhancedCodeEntry* dialect = find(EnhancedCode{5, 7, 606});
    ASSERT_NE(dialect, nullptr);
    EXPECT_EQ(dialect->standing, Standing::dialect);
}

TEST(CodeRegistry, FindsClassAndSubjectOfACodeThatItDoesNotKnow) {
    constexpr EnhancedCode unknown{5, 3, 77};
    EXPECT_EQ(find(unknown), nullptr);
    const SubjectEntry* subject = find_subject(unknown.subject);
    ASSERT_NE(subject, nullptr);
    EXPECT_EQ(subject->subject, 3);
    const ClassEntry* reply_class = find_class(unknown.reply_class());
    ASSERT_NE(reply_class, nullptr);
    EXPECT_EQ(reply_class->code_class, 5);
    EXPECT_EQ(find_subject(8), nullptr);
    EXPECT_EQ(find_basic(599), nullptr);
}

TEST(CodeRegistry, CoversEverySubjectAndEveryClass) {
    EXPECT_EQ(subjects().size(), 8U);
    for (const ReplyClass reply_class : {ReplyClass::positive, ReplyClass::intermediate, ReplyClass::transient, ReplyClass::permanent}) {
        EXPECT_NE(find_class(reply_class), nullptr);
    }
}

}  // namespace
}  // namespace ph::status
