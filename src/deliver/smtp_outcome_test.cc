// deliver/smtp_outcome_test.cc: statuses that basic codes stand for, and texts fit for one line of a log or a header.
#include "deliver/smtp_outcome.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph::deliver {
namespace {

using smtp::client::Command;
using smtp::client::Fate;
using smtp::client::RecipientResult;

const Hop hop{"mx.example.org", {*io::IpAddress::parse("2001:db8::1"), 25, ""}};

RecipientResult refused(std::uint16_t code, std::optional<status::EnhancedCode> enhanced, std::string text, Command command) {
    RecipientResult result;
    result.fate = Fate::refused;
    result.reply.code = code;
    result.reply.enhanced = enhanced;
    result.reply.text = std::move(text);
    result.command = command;
    return result;
}

TEST(SmtpOutcome, DerivesAStatusOfTheSameClassFromEveryCode) {
    for (std::uint16_t code = 400; code < 600; ++code) {
        for (const Command command : {Command::greeting, Command::mail, Command::rcpt, Command::data, Command::content}) {
            EXPECT_EQ(derived_status(code, command).code_class, code / 100);
        }
    }
    EXPECT_EQ(derived_status(550, Command::rcpt), (status::EnhancedCode{5, 0, 0}));
    EXPECT_EQ(derived_status(552, Command::rcpt), (status::EnhancedCode{5, 2, 2}));
    EXPECT_EQ(derived_status(552, Command::content), (status::EnhancedCode{5, 3, 4}));
    EXPECT_EQ(derived_status(452, Command::mail), (status::EnhancedCode{4, 3, 1}));
}

TEST(SmtpOutcome, PrefersTheEnhancedCodeOfThePeer) {
    const RecipientOutcome outcome = answered(hop, refused(550, status::EnhancedCode{5, 7, 26}, "550 5.7.26 no", Command::content));
    EXPECT_EQ(outcome.ending, Ending::failed);
    EXPECT_EQ(outcome.status, (status::EnhancedCode{5, 7, 26}));
    EXPECT_EQ(outcome.text, "host mx.example.org[2001:db8::1] said: 550 5.7.26 no (in reply to end of DATA command)");
    EXPECT_EQ(outcome.remote_address, "[2001:db8::1]:25");
}

TEST(SmtpOutcome, TakesTooManyRecipientsAs552ForTemporary) {
    const RecipientOutcome outcome = answered(hop, refused(552, status::EnhancedCode{5, 5, 3}, "552 5.5.3 too many", Command::rcpt));
    EXPECT_EQ(outcome.ending, Ending::deferred);
    EXPECT_EQ(outcome.status, (status::EnhancedCode{4, 5, 3}));
}

TEST(SmtpOutcome, MakesOneSafeLineOfWhateverThePeerSaid) {
    const RecipientOutcome outcome = answered(hop, refused(550, std::nullopt, "550-a\n550 b\r\x01\xFF\x7F" + std::string(5000, 'x'), Command::rcpt));
    EXPECT_LT(outcome.text.size(), 1200U);
    EXPECT_TRUE(is_utf8(outcome.text));
    for (const char c : outcome.text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    EXPECT_EQ(outcome.reply.text.size(), 5000U + 15U);  // the reply itself is kept as it came
}

TEST(SmtpOutcome, DoesNotBlameTheHostForOurOwnLackOfDescriptors) {
    const RecipientOutcome outcome = connect_failed(hop, {io::IoTrouble::exhausted, "Too many open files"});
    EXPECT_EQ(outcome.status, (status::EnhancedCode{4, 3, 2}));
    EXPECT_EQ(outcome.situation, 0U);
    EXPECT_EQ(outcome.text, "connect to mx.example.org[2001:db8::1]:25: Too many open files");
}

}  // namespace
}  // namespace ph::deliver
