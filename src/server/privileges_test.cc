// server/privileges_test.cc: accounts and folders; the drop itself is a matter of a whole process.
#include "server/privileges.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::server {
namespace {

using testing::HasSubstr;

class Privileges : public testing::Test {
  protected:
    Privileges() { made_ = mkdtemp(folder_.data()) != nullptr; }
    ~Privileges() override { std::filesystem::remove_all(folder_); }
    void SetUp() override { ASSERT_TRUE(made_); }

    std::string folder_ = testing::TempDir() + "posthorn-privileges-XXXXXX";
    Account me_{getuid(), getgid(), "me"};

  private:
    bool made_ = false;
};

TEST_F(Privileges, AnAccountIsFoundByItsName) {
    const auto root = find_account("root");
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(root->uid, 0U);
    EXPECT_EQ(root->name, "root");
}

TEST_F(Privileges, AMissingAccountComesWithTheCommandThatMakesIt) {
    const auto nobody = find_account("posthorn-of-a-test");
    ASSERT_FALSE(nobody.has_value());
    EXPECT_EQ(nobody.error().kind, FaultKind::missing);
    EXPECT_THAT(nobody.error().message, HasSubstr("server.user is 'posthorn-of-a-test'"));
    EXPECT_THAT(nobody.error().message, HasSubstr("useradd --system"));
}

TEST_F(Privileges, AFolderIsMadeWithThoseAboveItAndForItsOwnerAlone) {
    const std::string path = folder_ + "/var/spool/posthorn/";
    ASSERT_TRUE(make_private_directory(path, me_).has_value());
    for (const std::string& one : {folder_ + "/var", folder_ + "/var/spool", path}) {
        struct stat info {};
        ASSERT_EQ(stat(one.c_str(), &info), 0) << one;
        EXPECT_EQ(info.st_mode & 07777U, 0700U) << one;
        EXPECT_EQ(info.st_uid, getuid()) << one;
    }
}

TEST_F(Privileges, AFolderThatIsThereStaysAsItIs) {
    const std::string path = folder_ + "/there";
    ASSERT_EQ(mkdir(path.c_str(), 0750), 0);
    ASSERT_EQ(chmod(path.c_str(), 0750), 0);
    ASSERT_TRUE(make_private_directory(path, me_).has_value());
    struct stat info {};
    ASSERT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0750U);
}

TEST_F(Privileges, AFileInTheWayIsSaid) {
    std::ofstream(folder_ + "/file") << "x";
    const auto made = make_private_directory(folder_ + "/file", me_);
    ASSERT_FALSE(made.has_value());
    EXPECT_THAT(made.error().message, HasSubstr("is not a directory"));
    const auto below = make_private_directory(folder_ + "/file/below", me_);
    ASSERT_FALSE(below.has_value());
    EXPECT_THAT(below.error().message, HasSubstr(folder_ + "/file"));
}

TEST_F(Privileges, ARelativeFolderIsMadeWhereWeAre) {
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(folder_);
    EXPECT_TRUE(make_private_directory("one/two", me_).has_value());
    EXPECT_TRUE(make_private_directory("", me_).has_value());
    std::filesystem::current_path(here);
    EXPECT_TRUE(std::filesystem::is_directory(folder_ + "/one/two"));
}

}  // namespace
}  // namespace ph::server
