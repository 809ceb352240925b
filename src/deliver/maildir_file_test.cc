// deliver/maildir_file_test.cc: a message is in new/ whole or not at all.
#include "deliver/maildir_file.h"

#include <filesystem>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "deliver/test_mail.h"

namespace ph::deliver {
namespace {

class MaildirFileTest : public testing::Test {
  protected:
    MaildirFile create(std::string name) {
        auto opened = open_maildir(test::user_at(maildir_));
        EXPECT_TRUE(opened);
        auto file = MaildirFile::create(*std::move(opened), std::move(name));
        EXPECT_TRUE(file);
        return *std::move(file);
    }
    std::vector<std::string> in(const char* name) const { return test::files_in(maildir_ + "/" + name); }

    test::Folder folder_;
    std::string maildir_ = folder_ / "ann";
};

TEST_F(MaildirFileTest, GoesFromTmpToNewWithItsSizeInItsName) {
    MaildirFile file = create("name");
    ASSERT_TRUE(file.write("Subject: x\n\n"));
    ASSERT_TRUE(file.write("body\n"));
    EXPECT_EQ(in("tmp").size(), 1U);
    EXPECT_TRUE(in("new").empty());
    ASSERT_TRUE(file.sync());
    ASSERT_TRUE(file.publish());
    EXPECT_TRUE(in("tmp").empty());
    ASSERT_EQ(in("new"), std::vector<std::string>{maildir_ + "/new/name,S=17"});
    EXPECT_EQ(test::read_file(in("new")[0]), "Subject: x\n\nbody\n");
    struct stat info {};
    ASSERT_EQ(::stat(in("new")[0].c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0600U);
}

TEST_F(MaildirFileTest, LeavesNothingWhenItIsGivenUp) {
    {
        MaildirFile file = create("name");
        ASSERT_TRUE(file.write("half"));
    }
    EXPECT_TRUE(in("tmp").empty());
    EXPECT_TRUE(in("new").empty());
}

TEST_F(MaildirFileTest, NeverReplacesAMessage) {
    MaildirFile first = create("name");
    ASSERT_TRUE(first.write("one"));
    ASSERT_TRUE(first.publish());
    {
        MaildirFile second = create("name");
        ASSERT_TRUE(second.write("two"));
        EXPECT_FALSE(second.publish());
    }
    ASSERT_EQ(in("new").size(), 1U);
    EXPECT_EQ(test::read_file(in("new")[0]), "one");
    EXPECT_TRUE(in("tmp").empty());
}

TEST_F(MaildirFileTest, NeverWritesIntoAFileThatIsThere) {
    auto opened = open_maildir(test::user_at(maildir_));
    ASSERT_TRUE(opened);
    test::write_file(folder_ / "victim", "precious");
    std::filesystem::create_symlink(folder_ / "victim", maildir_ + "/tmp/name");
    EXPECT_FALSE(MaildirFile::create(*std::move(opened), "name"));
    EXPECT_EQ(test::read_file(folder_ / "victim"), "precious");
}

TEST(MaildirFile, NamesAreUniqueAndSafe) {
    const TimePoint when{Milliseconds{1'795'633'591'042}};
    const std::string pid = std::to_string(::getpid());
    EXPECT_EQ(maildir_name(when, 3, "mail.example.org"), "1795633591.M42000P" + pid + "Q3.mail.example.org");
    EXPECT_EQ(maildir_name(when, 4, "a/b:c"), "1795633591.M42000P" + pid + "Q4.a\\057b\\072c");
}

}  // namespace
}  // namespace ph::deliver
