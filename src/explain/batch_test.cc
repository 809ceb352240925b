// explain/batch_test.cc: each line gets one line of JSON, whatever the line is, and an id comes back as it was given.
#include "explain/batch.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class BatchTest : public testing::Test {
  protected:
    BatchTest() {
        catalogue_.cause("recipient.unknown", "[[match]]\nid = \"en\"\ntext = [\"user unknown\", \"用户不存在\"]\n", "reason = \"user_unknown\"\n");
        catalogue_.cause("relay.rcpt",
                         "[[match]]\nid = \"en\"\ntext = [\"denied\"]\ncommand = [\"RCPT\"]\n[[match]]\nid = \"host\"\ntext = [\"refused\"]\nhost = "
                         "[\"example.com\"]\n");
        catalogue_.providers("[google]\nkind = \"mailbox\"\nen = \"Google\"\nzh = \"谷歌\"\nhosts = [\"google.com\"]\n");
        batch_.emplace(catalogue_.get());
    }

    // The answer without its line end; it has been parsed as one JSON object.
    std::string answer(std::string_view line, bool good = true) {
        std::string out;
        EXPECT_EQ(batch_->answer(line, out), good) << line;
        EXPECT_TRUE(out.ends_with('\n')) << out;
        if (out.ends_with('\n')) out.pop_back();
        EXPECT_EQ(out.find('\n'), std::string::npos);
        simdjson::dom::element element;
        const auto error = parser_.parse(out).get(element);
        EXPECT_EQ(error, simdjson::SUCCESS) << out;
        if (error != simdjson::SUCCESS) return out;
        EXPECT_TRUE(element.is_object());
        EXPECT_EQ(element["error"].error() == simdjson::SUCCESS, !good) << out;
        return out;
    }

    TestCatalogue catalogue_;
    std::optional<Batch> batch_;
    simdjson::dom::parser parser_;
};

TEST_F(BatchTest, ExplainsTheTextOfALine) {
    EXPECT_THAT(answer(R"({"id": "a", "text": "550 User unknown"})"), StartsWith(R"({"id":"a","reason":"user_unknown","cause":"recipient.unknown")"));
    EXPECT_THAT(answer(R"( {"text":"550 User unknown" , "id":1} )"), StartsWith(R"({"id":1,)")) << "in any order, with blanks";
    EXPECT_THAT(answer(R"({"text": "550 \u7528\u6237\u4e0d\u5b58\u5728\n"})"), HasSubstr("recipient.unknown"));
    EXPECT_THAT(answer(R"({"text": ""})"), HasSubstr("unstated.none"));
}

class BatchId : public BatchTest, public testing::WithParamInterface<const char*> {};

TEST_P(BatchId, ComesBackAsItWasGiven) {
    EXPECT_THAT(answer("{\"id\": " + std::string(GetParam()) + ", \"text\": \"550 no\"}"),
                StartsWith("{\"id\":" + std::string(GetParam()) + ",\"reason\""));
    EXPECT_THAT(answer("{\"text\":\"550 no\",\"id\":" + std::string(GetParam()) + "}"),
                StartsWith("{\"id\":" + std::string(GetParam()) + ",\"reason\""));
}

INSTANTIATE_TEST_SUITE_P(Rows, BatchId,
                         testing::Values("0", "-7", "18446744073709551615", "1.5", "-0.25e-3", "1E+9", "true", "false", "null", "\"\"", "\"a b\"",
                                         "\"quote \\\" and \\\\ and \\u00e9\"", "\"收件人\"", "\"\\ud83d\\ude00\"", "\"}{,:\""));

TEST_F(BatchTest, HandsBackANumberOfAnySize) {
    std::string out;
    EXPECT_TRUE(batch_->answer(R"({"id": 123456789012345678901234567890, "text": "550 no"})", out));
    EXPECT_THAT(out, StartsWith(R"({"id":123456789012345678901234567890,"reason")"));
}

class BatchBadId : public BatchTest, public testing::WithParamInterface<const char*> {};

TEST_P(BatchBadId, IsRefused) {
    EXPECT_THAT(answer("{\"id\": " + std::string(GetParam()) + ", \"text\": \"550 no\"}", false), StartsWith("{\"id\":null,\"error\":\"line 1: "));
}

INSTANTIATE_TEST_SUITE_P(Rows, BatchBadId,
                         testing::Values("[1]", "{}", "tru", "nul", "truex", "01", "-", "1.", ".5", "1e", "+1", "1x", "0x10", "NaN", "Infinity",
                                         "\"\\ud800\"", "\"\\x\"", "abc", "'a'", ""));

TEST_F(BatchTest, GivesNullWhereThereIsNoId) {
    EXPECT_THAT(answer(R"({"text": "550 no"})"), StartsWith(R"({"id":null,"reason")"));
}

TEST_F(BatchTest, ListensToWhatTheCallerKnows) {
    EXPECT_THAT(answer(R"({"text": "550 denied", "command": "RCPT"})"), HasSubstr("\"relay.rcpt\""));
    EXPECT_THAT(answer(R"({"text": "550 denied"})"), HasSubstr("unstated.none")) << "and forgets it";
    EXPECT_THAT(answer(R"({"text": "550 refused", "host": "mx.example.com"})"), HasSubstr("\"relay.rcpt\""));
    EXPECT_THAT(answer(R"({"text": "550 refused"})"), HasSubstr("unstated.none"));
    EXPECT_THAT(answer(R"({"text": "550 no", "provider": "google"})"), HasSubstr(R"("provider":"google")"));
    EXPECT_THAT(answer(R"({"text": "550 no", "provider": "nobody"})"), HasSubstr(R"("provider":"")"));
}

TEST_F(BatchTest, PassesOverFieldsItDoesNotKnow) {
    EXPECT_THAT(answer(R"({"later": {"text": "x", "deep": [1, {"a": null}]}, "id": 2, "list": [1, 2], "text": "550 User unknown", "n": 1.5})"),
                StartsWith(R"({"id":2,"reason":"user_unknown")"));
}

struct Bad {
    const char* line;
    const char* why;
};

TEST_F(BatchTest, SaysOfABadLineWhichItIsAndWhy) {
    int line = 0;
    for (const auto& [text, why] :
         {Bad{"550 User unknown", "not a JSON object"}, Bad{"[]", "not a JSON object"}, Bad{"\"text\"", "not a JSON object"}, Bad{"{", "JSON"},
          Bad{"{}", "no \\\"text\\\""}, Bad{R"({"id": 1})", "no \\\"text\\\""}, Bad{R"({"text": 5})", "must be strings"},
          Bad{R"({"text": null})", "must be strings"}, Bad{R"({"text": "a", "host": 1})", "must be strings"}, Bad{R"({"text": "a")", "JSON"},
          Bad{R"({"text" "a"})", "JSON"}, Bad{R"({"text": "a"} {"text": "b"})", "more than one JSON value"},
          Bad{R"({"text": "\ud800"})", "must be strings"}, Bad{"{\"text\": \"a\tb\"}", "JSON"}, Bad{R"({text: "a"})", "JSON"}}) {
        const std::string out = answer(text, false);
        EXPECT_THAT(out, StartsWith("{\"id\":null,\"error\":\"line " + std::to_string(++line) + ": ")) << text;
        EXPECT_THAT(out, HasSubstr(why)) << text;
    }
    EXPECT_THAT(answer(R"({"id": 3, "text": "550 User unknown"})"), StartsWith(R"({"id":3,"reason")")) << "the next line is answered as ever";
}

TEST_F(BatchTest, AnswersNothingToABlankLineButCountsIt) {
    std::string out;
    EXPECT_TRUE(batch_->answer("", out));
    EXPECT_TRUE(batch_->answer(" \t\r", out));
    EXPECT_EQ(out, "");
    EXPECT_THAT(answer("x", false), HasSubstr("line 3:"));
}

TEST_F(BatchTest, HelpsALineInGb18030) {
    EXPECT_THAT(answer("{\"id\": 1, \"text\": \"550 \xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA\"}"), HasSubstr("\"recipient.unknown\""));
    EXPECT_THAT(answer("{\"id\": 1, \"text\": \"550 User unknown \xFF\xFE\xFF\"}"), HasSubstr("\"recipient.unknown\""));
}

TEST_F(BatchTest, AnswersALineThatWasTooLong) {
    std::string out;
    batch_->answer_too_long(out);
    EXPECT_EQ(out, "{\"id\":null,\"error\":\"line 1: longer than 1 MiB\"}\n");
    EXPECT_THAT(answer("{", false), HasSubstr("line 2")) << "it counts as a line";
}

TEST_F(BatchTest, AnswersTheLongestLine) {
    const std::string line = "{\"id\":1,\"text\":\"550 User unknown " + std::string(max_batch_line - 40, 'x') + "\"}";
    EXPECT_THAT(answer(line), StartsWith(R"({"id":1,"reason":"user_unknown")"));
}

TEST_F(BatchTest, RefusesBottomlessNesting) {
    (void)answer("{\"id\":1,\"x\":" + std::string(5000, '['), false);
}

}  // namespace
}  // namespace ph::explain
