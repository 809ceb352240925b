// explain/report_json_test.cc: the object is JSON whatever the reply holds, and its fields say what the diagnosis says.
#include "explain/report_json.h"

#include <optional>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/utf8.h"
#include "explain/explainer.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

using testing::HasSubstr;

class ReportJson : public testing::Test {
  protected:
    ReportJson() {
        catalogue_.providers("[lists]\nkind = \"list\"\nen = \"The List\"\nzh = \"名单\"\nhosts = [\"bl.example.org\"]\n");
        catalogue_.cause("recipient.unknown", "[[match]]\nid = \"en\"\ntext = [\"user unknown\"]\n",
                         "reason = \"user_unknown\"\nenhanced = [\"5.1.1\"]\n");
        catalogue_.cause("delivery.grey", "[[match]]\nid = \"en\"\ntext = [\"greylisted\"]\n", "reason = \"greylisted\"\nretry_after = 300\n");
        catalogue_.cause("delivery.done", "[[match]]\nid = \"en\"\ntext = [\"delivered\"]\n", "reason = \"delivered\"\n");
        explainer_.emplace(catalogue_.get());
    }

    std::string json_of(std::string_view reply, std::string_view id = {}) {
        std::string out;
        reporter_.append(out, explainer_->diagnose(reply), id);
        return out;
    }

    // The parsed object; valid until the next call.
    simdjson::dom::element parsed(std::string_view reply, std::string_view id = {}) {
        simdjson::dom::element element;
        json_ = json_of(reply, id);
        const auto error = parser_.parse(json_).get(element);
        EXPECT_EQ(error, simdjson::SUCCESS) << json_;
        return error == simdjson::SUCCESS ? element : parser_.parse(std::string_view("{}")).value();
    }

    static std::string text(const simdjson::dom::element& element, std::string_view pointer) {
        std::string_view value;
        const auto error = element.at_pointer(pointer).get(value);
        EXPECT_EQ(error, simdjson::SUCCESS) << pointer;
        return std::string(value);
    }

    TestCatalogue catalogue_;
    std::optional<Explainer> explainer_;
    JsonReporter reporter_;
    simdjson::dom::parser parser_;
    std::string json_;
};

TEST_F(ReportJson, SaysWhatTheDiagnosisSays) {
    const auto object = parsed("<ann@example.net>: host mx.example[192.0.2.1] said: 550 5.1.1\n User unknown (in reply to RCPT TO command)");
    EXPECT_EQ(text(object, "/reason"), "user_unknown");
    EXPECT_EQ(text(object, "/cause"), "recipient.unknown");
    EXPECT_EQ(text(object, "/kind"), "bounce");
    EXPECT_EQ(text(object, "/action"), "failed");
    EXPECT_TRUE(bool(object["permanent"]));
    EXPECT_EQ(text(object, "/code_says"), "permanent");
    EXPECT_EQ(text(object, "/fault"), "sender-list");
    EXPECT_EQ(text(object, "/advice"), "remove-address");
    EXPECT_EQ(text(object, "/retry"), "never");
    EXPECT_EQ(text(object, "/smtp_code"), "550");
    EXPECT_EQ(text(object, "/status"), "5.1.1");
    EXPECT_EQ(text(object, "/status_source"), "diagnostic");
    EXPECT_EQ(text(object, "/command"), "RCPT");
    EXPECT_EQ(text(object, "/recipient"), "ann@example.net");
    EXPECT_EQ(text(object, "/evidence/rule"), "recipient.unknown/en");
    EXPECT_EQ(text(object, "/evidence/tier"), "text");
    EXPECT_EQ(text(object, "/evidence/text"), "User unknown");
    EXPECT_EQ(text(object, "/diagnostic"),
              "<ann@example.net>: host mx.example[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)");
    EXPECT_THAT(text(object, "/explain/en"), HasSubstr("A cause for ann@example.net."));
    EXPECT_THAT(text(object, "/explain/zh"), HasSubstr("ann@example.net 的原因"));
    EXPECT_THAT(text(object, "/explain/en"), HasSubstr("Permanent."));
    EXPECT_NE(object["retry_after"].error(), simdjson::SUCCESS) << "no time, no field";
    EXPECT_NE(object["id"].error(), simdjson::SUCCESS) << "no id, no field";
}

TEST_F(ReportJson, PointsAtTheEvidence) {
    const std::string reply = "550 收件人 User unknown";
    const auto object = parsed(reply);
    EXPECT_EQ(std::uint64_t(object.at_pointer("/evidence/start")), reply.find("User"));
    EXPECT_EQ(std::uint64_t(object.at_pointer("/evidence/end")), reply.size());
}

TEST_F(ReportJson, TellsADelayAndASuccess) {
    const auto delay = parsed("450 Greylisted");
    EXPECT_EQ(text(delay, "/kind"), "delay");
    EXPECT_EQ(text(delay, "/action"), "delayed");
    EXPECT_EQ(std::uint64_t(delay["retry_after"]), 300U);
    EXPECT_THAT(text(delay, "/explain/en"), HasSubstr("Temporary."));
    const auto success = parsed("250 delivered");
    EXPECT_EQ(text(success, "/kind"), "success");
    EXPECT_EQ(text(success, "/action"), "delivered");
}

TEST_F(ReportJson, SaysBothPermanentAndTemporaryOfOneCause) {
    EXPECT_THAT(text(parsed("550 User unknown"), "/explain/en"), HasSubstr("Permanent."));
    EXPECT_THAT(text(parsed("450 User unknown"), "/explain/en"), HasSubstr("Temporary."));
    EXPECT_THAT(text(parsed("550 User unknown"), "/explain/zh"), HasSubstr("永久失败。"));
}

TEST_F(ReportJson, NamesTheBlockList) {
    const auto object = parsed("550 [192.0.2.1] listed at bl.example.org, see https://bl.example.org/q");
    EXPECT_EQ(text(object, "/blocklist/name"), "The List");
    EXPECT_EQ(text(object, "/blocklist/ip"), "192.0.2.1");
    EXPECT_EQ(text(object, "/blocklist/url"), "https://bl.example.org/q");
    EXPECT_NE(parsed("550 no")["blocklist"].error(), simdjson::SUCCESS);
}

TEST_F(ReportJson, PutsTheIdInAsItIs) {
    EXPECT_EQ(text(parsed("550 no", "\"a\\u0041\""), "/id"), "aA");
    EXPECT_EQ(std::int64_t(parsed("550 no", "-7")["id"]), -7);
    EXPECT_TRUE(parsed("550 no", "null")["id"].is_null());
}

TEST_F(ReportJson, AnswersAReplyWithoutAnything) {
    const auto object = parsed("");
    EXPECT_EQ(text(object, "/cause"), "unstated.none");
    EXPECT_EQ(text(object, "/code_says"), "none");
    EXPECT_EQ(text(object, "/smtp_code"), "");
    EXPECT_EQ(text(object, "/evidence/tier"), "none");
}

TEST_F(ReportJson, IsOneLineOfJsonForHostileReplies) {
    for (const std::string& reply :
         {std::string("550 \"User unknown\" \\ \\\" \\u0000"), std::string("550 User unknown\0\x01\x1B[31m\x7F", 25),
          std::string("550 User unknown \xFF\xFE\xE4\xB8"), std::string("550 <\"quoted\\\"\"@example.net> User unknown"),
          std::string("550 </script><!-- User unknown {address|x} %s"),
          std::string("\xEF\xBB\xBF"
                      "550 no"),
          std::string(70000, '"'), std::string(70000, '\\'), std::string("550 \xD3\xC3\xBB\xA7\xB2\xBB\xB4\xE6\xD4\xDA\"")}) {
        const auto object = parsed(reply, "1");
        EXPECT_FALSE(text(object, "/cause").empty());
        EXPECT_EQ(json_.find('\n'), std::string::npos);
        EXPECT_TRUE(is_utf8(json_));
    }
}

TEST_F(ReportJson, IsJsonForRandomBytes) {
    std::mt19937 random(11);
    for (int round = 0; round < 500; ++round) {
        std::string reply = round % 2 == 0 ? "550 user unknown " : "";
        for (std::size_t left = random() % 60; left > 0; --left) reply += static_cast<char>(random() % 256);
        (void)parsed(reply, "1");
        ASSERT_FALSE(HasFailure()) << round;
    }
}

TEST_F(ReportJson, SaysTheSameTheSecondTime) {
    const std::string once = json_of("550 <ann@example.net> User unknown");
    (void)json_of("450 <bob@example.net> Greylisted");
    EXPECT_EQ(json_of("550 <ann@example.net> User unknown"), once);
}

}  // namespace
}  // namespace ph::explain
