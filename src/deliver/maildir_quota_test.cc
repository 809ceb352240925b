// deliver/maildir_quota_test.cc: the file maildirsize, and counting when it cannot be believed.
#include "deliver/maildir_quota.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "deliver/test_mail.h"
#include "io/test_world.h"

namespace ph::deliver {
namespace {

namespace fs = std::filesystem;

TEST(MaildirQuota, ReadsTheSumsOfAFile) {
    const auto found = parse_size_file("1000S\n100 1\n         50          2\n-30 -1\n", 1000);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->usage.bytes, 120U);
    EXPECT_EQ(found->usage.messages, 2U);
    EXPECT_EQ(found->lines, 3U);
}

TEST(MaildirQuota, BelievesNoFileThatLooksWrong) {
    for (const char* text :
         {"", "1000S", "1000S\n", "999S\n1 1\n", "1000C\n1 1\n", "1000S,5C\n1 1\n", "1000S\n1\n", "1000S\n1 1 1\n", "1000S\nx 1\n", "-1000S\n1 1\n",
          "1000S\n-5 1\n", "1000S\n5 -1\n", "1000S\n9223372036854775807 1\n", "1000S\n1152921504606846976 1\n1152921504606846976 1\n"}) {
        EXPECT_FALSE(parse_size_file(text, 1000)) << text;
    }
}

class MaildirQuotaTest : public testing::Test {
  protected:
    MaildirQuotaTest() {
        auto opened = open_maildir(user_);
        EXPECT_TRUE(opened);
        maildir_ = *std::move(opened);
    }
    void put(const std::string& path, std::size_t size) {
        fs::create_directories(fs::path(path_ + "/" + path).parent_path());
        test::write_file(path_ + "/" + path, std::string(size, 'x'));
    }
    MailboxUsage usage(std::uint64_t wanted = 0) {
        const auto found = maildir_usage(maildir_.top.get(), maildir_.owner, 1000, wanted, TimePoint{std::chrono::seconds{::time(nullptr)}});
        EXPECT_TRUE(found);
        return *found;
    }
    std::string size_file() const { return test::read_file(path_ + "/maildirsize"); }

    test::Folder folder_;
    std::string path_ = folder_ / "ann";
    directory::LocalUser user_ = test::user_at(path_);
    MaildirFolder maildir_;
};

TEST_F(MaildirQuotaTest, CountsAllFoldersOnceAndKeepsTheSum) {
    put("new/a", 10);
    put("cur/b,S=200:2,S", 20);  // the name is believed
    put(".Sent/cur/c", 30);
    put("other/cur/d", 40);  // no folder of Maildir++
    EXPECT_EQ(usage().bytes, 240U);
    EXPECT_EQ(size_file(), "1000S\n240 3\n");
    put("new/e", 50);
    EXPECT_EQ(usage().bytes, 240U);  // not counted again
}

TEST_F(MaildirQuotaTest, AddsWhatIsDelivered) {
    EXPECT_EQ(usage().bytes, 0U);
    add_to_usage(maildir_.top.get(), maildir_.owner, 70);
    EXPECT_EQ(size_file(), "1000S\n0 0\n70 1\n");
    EXPECT_EQ(usage().bytes, 70U);
    EXPECT_EQ(usage().messages, 1U);
}

TEST_F(MaildirQuotaTest, CountsAgainBeforeItCallsAMailboxFull) {
    test::write_file(path_ + "/maildirsize", "1000S\n100 1\n850 1\n");
    put("new/a", 10);
    EXPECT_EQ(usage(50).bytes, 950U);
    EXPECT_EQ(usage(51).bytes, 10U);
    EXPECT_EQ(size_file(), "1000S\n10 1\n");
}

TEST_F(MaildirQuotaTest, BelievesAFreshCountThatSaysFull) {
    test::write_file(path_ + "/maildirsize", "1000S\n5000 1\n");
    EXPECT_EQ(usage(1).bytes, 5000U);
    const auto later =
        maildir_usage(maildir_.top.get(), maildir_.owner, 1000, 1, TimePoint{std::chrono::seconds{::time(nullptr)} + std::chrono::hours{1}});
    ASSERT_TRUE(later);
    EXPECT_EQ(later->bytes, 0U);
}

TEST_F(MaildirQuotaTest, MakesALongFileAnew) {
    std::string text = "1000S\n";
    while (text.size() < 5200) text += "0 1\n";
    test::write_file(path_ + "/maildirsize", text);
    usage();
    EXPECT_EQ(size_file(), "1000S\n0 0\n");
}

TEST_F(MaildirQuotaTest, WritesThroughNoLinkOfTheUser) {
    test::write_file(folder_ / "victim", "1000S\n1 1\n");
    fs::create_symlink(folder_ / "victim", path_ + "/maildirsize");
    add_to_usage(maildir_.top.get(), maildir_.owner, 70);
    EXPECT_EQ(usage().bytes, 0U);
    EXPECT_EQ(test::read_file(folder_ / "victim"), "1000S\n1 1\n");
    EXPECT_FALSE(fs::is_symlink(path_ + "/maildirsize"));  // replaced by ours
}

TEST_F(MaildirQuotaTest, TellsTheUsageOfAMailboxWithAQuota) {
    io::TestWorld world;
    put("new/a", 10);
    EXPECT_FALSE(world.wait_for(mailbox_usage(world, user_)));
    user_.quota_bytes = 1000;
    const auto found = world.wait_for(mailbox_usage(world, user_));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->bytes, 10U);
    user_.home = user_.maildir = folder_ / "nobody/";
    EXPECT_FALSE(world.wait_for(mailbox_usage(world, user_)));
}

}  // namespace
}  // namespace ph::deliver
