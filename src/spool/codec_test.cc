// spool/codec_test.cc: what is written reads back the same, whatever it is; what is damaged is refused; what is newer is skipped.
#include "spool/codec.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spool/wire.h"

namespace ph::spool {
namespace {

using testing::HasSubstr;

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t bound) { return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_); }
    bool coin() { return below(2) == 0; }
    std::string text() {
        std::string out(coin() ? 0 : below(300), '\0');
        for (char& c : out) c = static_cast<char>(below(256));
        return out;
    }
    mail::Mailbox mailbox() { return coin() ? mail::Mailbox{} : mail::Mailbox{text(), text()}; }
    TimePoint time() { return coin() ? TimePoint{} : TimePoint(Milliseconds(static_cast<std::int64_t>(engine_()) >> below(64))); }

    MessageInfo info() {
        MessageInfo info;
        info.envelope = {mailbox(), static_cast<mail::BodyType>(below(3)), coin(), static_cast<mail::Ret>(below(3)), text(), engine_() >> below(64)};
        info.origin = {text(), text(), text(), text()};
        info.arrived = time();
        info.eight_bit = coin();
        info.notice = coin();
        return info;
    }
    PendingRecipient recipient() {
        PendingRecipient pending;
        pending.recipient = {mailbox(), {static_cast<std::uint8_t>(below(16))}, text()};
        pending.original = coin() ? pending.recipient.address : mailbox();
        pending.expanded = coin();
        pending.tell_expanded = coin();
        if (coin()) pending.last_status = {4, static_cast<std::uint16_t>(below(1000)), static_cast<std::uint16_t>(below(1000))};
        pending.since = time();
        return pending;
    }
    JobData data() {
        JobData data;
        for (std::uint64_t count = below(6); count != 0; --count) data.recipients.push_back(recipient());
        data.reverse_path = mailbox();
        data.last = {time(), text(), text(), text(), text(), text()};
        data.delay_told = coin();
        data.protocol_errors = static_cast<std::uint16_t>(below(65536));
        return data;
    }

  private:
    std::mt19937_64 engine_;
};

TEST(Codec, ReadsBackWhateverItWrote) {
    Random random(7);
    for (int round = 0; round < 2000; ++round) {
        const MessageInfo info = random.info();
        const auto read_info = decode_message_info(encode(info));
        ASSERT_TRUE(read_info.has_value()) << round << ": " << read_info.error().message;
        ASSERT_EQ(*read_info, info) << round;
        const JobData data = random.data();
        const auto read_data = decode_job_data(encode(data));
        ASSERT_TRUE(read_data.has_value()) << round << ": " << read_data.error().message;
        ASSERT_EQ(*read_data, data) << round;
    }
}

TEST(Codec, WritesNothingForDefaults) {
    EXPECT_EQ(encode(MessageInfo{}), "\x01");
    EXPECT_EQ(encode(JobData{}), "\x01");
}

TEST(Codec, WritesTheOctetsThatTheDocumentShows) {
    MessageInfo info;
    info.envelope.reverse_path = {"ann", "a.example"};
    info.eight_bit = true;
    EXPECT_EQ(encode(info), std::string("\x01\x03\x0D\x03") + "anna.example" + "\x18\x01");
    JobData data;
    data.recipients.push_back({{{"bob", "b.example"}, {}, ""}, {"bob", "b.example"}});
    EXPECT_EQ(encode(data), std::string("\x01\x03\x0F\x03\x0D\x03") + "bobb.example");
}

TEST(Codec, SkipsTagsOfANewerProgram) {
    MessageInfo info;
    info.envelope.envid = "x";
    std::string bytes = encode(info);
    FieldWriter newer(bytes);
    newer.number(900, 12);
    newer.nested(901, "new");
    const auto read = decode_message_info(bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, info);
}

TEST(Codec, RefusesAnotherVersionAndNothing) {
    EXPECT_THAT(decode_message_info("").error().message, HasSubstr("is empty"));
    EXPECT_THAT(decode_job_data("\x02").error().message, HasSubstr("version"));
}

TEST(Codec, RefusesWhatIsCutOffInsideAField) {
    Random random(3);
    JobData data = random.data();
    data.recipients.assign(2, random.recipient());
    data.protocol_errors = 3;
    const std::string whole = encode(data);
    EXPECT_FALSE(decode_job_data(std::string_view(whole).substr(0, whole.size() - 1)).has_value());
    EXPECT_FALSE(decode_job_data(std::string_view(whole).substr(0, 2)).has_value());
    EXPECT_THAT(decode_job_data(std::string_view(whole).substr(0, 2)).error().message, HasSubstr("offset 2"));
}

TEST(Codec, RefusesMoreRecipientsThanAJobMayHave) {
    std::string bytes(1, static_cast<char>(codec_version));
    for (std::size_t count = 0; count <= max_recipients_in_job; ++count) bytes += std::string("\x03\x00", 2);
    EXPECT_FALSE(decode_job_data(bytes).has_value());
    bytes.resize(bytes.size() - 2);
    EXPECT_TRUE(decode_job_data(bytes).has_value());
}

TEST(Codec, ReadsAnUnknownValueOfAnEnumAsItsFirst) {
    std::string bytes(1, static_cast<char>(codec_version));
    FieldWriter(bytes).number(2, 77);
    EXPECT_EQ(decode_message_info(bytes)->envelope.body, mail::BodyType::seven_bit);
}

}  // namespace
}  // namespace ph::spool
