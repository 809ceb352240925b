// explain/reply_values_test.cc: each value as the reply has it, and never a number that means something else.
#include "explain/reply_values.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "explain/explainer.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

using status::Language;
using status::Placeholder;

class ReplyValues : public testing::Test {
  protected:
    std::string value(Placeholder placeholder, const std::string& reply, Language language = Language::en) {
        return std::string(value_of(placeholder, diagnose(reply), language));
    }
    std::optional<std::uint32_t> wait(const std::string& reply) { return wait_seconds(diagnose(reply)); }

  private:
    const Diagnosis& diagnose(const std::string& reply) {
        if (!explainer_) {
            catalogue_.providers("[lists]\nkind = \"list\"\nen = \"The List\"\nzh = \"名单\"\nhosts = [\"bl.example.org\"]\n");
            explainer_.emplace(catalogue_.get());
        }
        reply_ = reply;
        return explainer_->diagnose(reply_);
    }

    std::string reply_;
    TestCatalogue catalogue_;
    std::optional<Explainer> explainer_;
};

TEST_F(ReplyValues, FindsTheAddressInTheReplyFirst) {
    EXPECT_EQ(value(Placeholder::address, "550 <ann@example.net> unknown"), "ann@example.net");
    EXPECT_EQ(value(Placeholder::address, "<bob@example.com>: host x said: 550 <ann@example.net> unknown"), "ann@example.net");
    EXPECT_EQ(value(Placeholder::address, "<bob@example.com>: host x said: 550 unknown"), "bob@example.com");
    EXPECT_EQ(value(Placeholder::address, "550 unknown"), "");
}

TEST_F(ReplyValues, TakesTheDomainFromTheAddressOrAHost) {
    EXPECT_EQ(value(Placeholder::domain, "550 <ann@example.net> unknown"), "example.net");
    EXPECT_EQ(value(Placeholder::domain, "550 domain example.org not found"), "example.org");
    EXPECT_EQ(value(Placeholder::domain, "550 unknown"), "");
}

TEST_F(ReplyValues, TakesTheIpOnlyFromTheReplyItself) {
    EXPECT_EQ(value(Placeholder::ip, "550 host [192.0.2.1] blocked"), "192.0.2.1");
    EXPECT_EQ(value(Placeholder::ip, "550 host [IPv6:2001:db8::1] blocked"), "2001:db8::1");
    EXPECT_EQ(value(Placeholder::ip, "host mx.example.com[198.51.100.7] said: 550 blocked"), "") << "that one is the receiver's";
}

TEST_F(ReplyValues, FindsHostUrlAndList) {
    EXPECT_EQ(value(Placeholder::host, "550 see mx.example.com"), "mx.example.com");
    EXPECT_EQ(value(Placeholder::url, "550 see https://example.com/a?b."), "https://example.com/a?b");
    EXPECT_EQ(value(Placeholder::list, "550 listed in bl.example.org"), "The List");
    EXPECT_EQ(value(Placeholder::list, "550 listed in bl.example.org", Language::zh), "名单");
    EXPECT_EQ(value(Placeholder::list, "550 listed in dnsbl.example.com"), "dnsbl.example.com");
}

TEST_F(ReplyValues, FindsALimitWithItsUnit) {
    EXPECT_EQ(value(Placeholder::limit, "552 larger than 20971520 bytes"), "20971520 bytes");
    EXPECT_EQ(value(Placeholder::limit, "552 larger than 20 MB"), "20 MB");
    EXPECT_EQ(value(Placeholder::limit, "552 larger than 10M"), "10M");
    EXPECT_EQ(value(Placeholder::limit, "450 more than 100 messages per hour"), "100 messages");
    EXPECT_EQ(value(Placeholder::limit, "552 邮件超过 50 封"), "50 封");
    EXPECT_EQ(value(Placeholder::limit, "552 larger than 20"), "");
    EXPECT_EQ(value(Placeholder::limit, "550 ann20kb is unknown"), "") << "inside a word";
}

TEST_F(ReplyValues, KeepsAValueWithinItsLine) {
    EXPECT_EQ(value(Placeholder::limit, "552-5.3.4 larger than 20 MB\r\n552 5.3.4 sorry"), "20 MB");
    EXPECT_EQ(value(Placeholder::wait, "450-4.7.1 wait 5 minutes\r\n450 4.7.1 please"), "5 minutes");
    EXPECT_EQ(value(Placeholder::wait, "450 wait 5 minutes"), "5 minutes");
}

TEST_F(ReplyValues, ReadsTimes) {
    EXPECT_EQ(wait("450 try again in 5 minutes"), 300U);
    EXPECT_EQ(wait("450 greylisted for 300 seconds"), 300U);
    EXPECT_EQ(wait("450 retry in 60s"), 60U);
    EXPECT_EQ(wait("450 wait 2 hours"), 7200U);
    EXPECT_EQ(wait("450 wait 1 day"), 86400U);
    EXPECT_EQ(wait("450 请 10 分钟后再试"), 600U);
    EXPECT_EQ(wait("450 請10分鐘後再試"), 600U);
    EXPECT_EQ(wait("450 请30秒后再试"), 30U);
    EXPECT_EQ(wait("450 retry in 5m"), 300U);
}

TEST_F(ReplyValues, TakesNoOtherNumberForATime) {
    EXPECT_FALSE(wait("450 try again later"));
    EXPECT_FALSE(wait("450 more than 10M"));
    EXPECT_FALSE(wait("450 from 192.0.2.1 second try")) << "values are taken out";
    EXPECT_FALSE(wait("450 wait 0 seconds"));
    EXPECT_FALSE(wait("450 wait 31 days")) << "nobody waits that long";
    EXPECT_FALSE(wait("450 wait 99999999999999999999 seconds"));
    EXPECT_FALSE(wait("450 wait 4294967295 days"));
    EXPECT_FALSE(wait("450 100 messages"));
    EXPECT_FALSE(wait("450 v5 minutes"));
}

TEST_F(ReplyValues, FindsTheProvidersOwnCode) {
    EXPECT_EQ(value(Placeholder::tag, "550 blocked (S3150) here"), "S3150");
    EXPECT_EQ(value(Placeholder::tag, "421 4.7.0 [TSS04] later"), "TSS04");
    EXPECT_EQ(value(Placeholder::tag, "550 MI:SPB 163 smtp"), "MI:SPB");
    EXPECT_EQ(value(Placeholder::tag, "550 DT:SPM 163 smtp"), "DT:SPM");
    EXPECT_EQ(value(Placeholder::tag, "550 User unknown RFC"), "");
    EXPECT_EQ(value(Placeholder::tag, "550 Error 5 at 10.0"), "");
}

}  // namespace
}  // namespace ph::explain
