// deliver/maildir_folder_test.cc: folders are made where they are missing, and a user cannot lead us out of his own.
#include "deliver/maildir_folder.h"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "deliver/test_mail.h"

namespace ph::deliver {
namespace {

namespace fs = std::filesystem;
constexpr std::uint32_t stranger = 4321;

bool is_root() {
    return ::geteuid() == 0;
}

mode_t mode_of(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777U;
}

std::uint32_t owner_uid(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_uid;
}

void give(const std::string& path, const directory::LocalUser& user) {
    if (!is_root()) return;
    EXPECT_EQ(::chown(path.c_str(), user.uid, user.gid), 0);
}

// A user with a home of his own in `folder`.
directory::LocalUser at_home(const test::Folder& folder, std::uint32_t uid) {
    directory::LocalUser user;
    user.home = folder / "home";
    user.maildir = user.home + "/Mail/dir/";
    user.uid = uid;
    user.gid = uid;
    fs::create_directory(user.home);
    give(user.home, user);
    return user;
}

TEST(MaildirFolder, MakesWhatIsMissingBelowTheHome) {
    const test::Folder folder;
    const directory::LocalUser user = at_home(folder, is_root() ? stranger : ::geteuid());
    const auto maildir = open_maildir(user);
    ASSERT_TRUE(maildir) << maildir.error().text;
    EXPECT_EQ(maildir->path, user.maildir);
    for (const char* name : {"/Mail", "/Mail/dir", "/Mail/dir/new", "/Mail/dir/cur", "/Mail/dir/tmp"}) {
        EXPECT_EQ(mode_of(user.home + name), 0700U) << name;
        EXPECT_EQ(owner_uid(user.home + name), user.uid) << name;
    }
    EXPECT_TRUE(open_maildir(user));
}

TEST(MaildirFolder, NeverMakesAHome) {
    const test::Folder folder;
    directory::LocalUser user = at_home(folder, ::geteuid());
    fs::remove(user.home);
    const auto maildir = open_maildir(user);
    ASSERT_FALSE(maildir);
    EXPECT_EQ(maildir.error().error, ENOENT);
    EXPECT_EQ(maildir.error().text, "cannot open " + user.home + ": No such file or directory");
    EXPECT_FALSE(fs::exists(user.home));
}

TEST(MaildirFolder, MakesTheWholeWayForUsersWithoutAHome) {
    const test::Folder folder;
    const directory::LocalUser user = test::user_at(folder / "b.example/ann");
    ASSERT_TRUE(open_maildir(user));
    EXPECT_EQ(mode_of(folder / "b.example"), 0711U);
    EXPECT_EQ(mode_of(folder / "b.example/ann"), 0700U);
    EXPECT_TRUE(fs::is_directory(folder / "b.example/ann/cur"));
}

TEST(MaildirFolder, FollowsAUsersLinkToAFolderOfHis) {
    const test::Folder folder;
    const directory::LocalUser user = at_home(folder, is_root() ? stranger : ::geteuid());
    fs::create_directory(folder / "elsewhere");
    give(folder / "elsewhere", user);
    fs::create_directory_symlink(folder / "elsewhere", user.home + "/Mail");
    ASSERT_TRUE(open_maildir(user));
    EXPECT_TRUE(fs::is_directory(folder / "elsewhere/dir/new"));
}

TEST(MaildirFolder, RefusesAFolderOfSomebodyElse) {
    if (!is_root()) GTEST_SKIP() << "only root can write into the folders of others";
    const test::Folder folder;
    const directory::LocalUser user = at_home(folder, stranger);
    fs::create_directory(folder / "roots");
    fs::create_directory_symlink(folder / "roots", user.home + "/Mail");
    const auto maildir = open_maildir(user);
    ASSERT_FALSE(maildir);
    EXPECT_EQ(maildir.error().error, EPERM);
    EXPECT_TRUE(fs::is_empty(folder / "roots"));
}

TEST(MaildirFolder, RefusesALinkForNewOrTmp) {
    const test::Folder folder;
    const directory::LocalUser user = at_home(folder, is_root() ? stranger : ::geteuid());
    ASSERT_TRUE(open_maildir(user));
    for (const std::string name : {"new", "tmp"}) {
        fs::rename(user.maildir + name, user.maildir + "aside");
        fs::create_directory_symlink(user.maildir + "cur", user.maildir + name);
        EXPECT_FALSE(open_maildir(user)) << name;
        fs::remove(user.maildir + name);
        fs::rename(user.maildir + "aside", user.maildir + name);
    }
    EXPECT_TRUE(open_maildir(user));
}

TEST(MaildirFolder, FollowsNoLinkOfAUserOnTheWayOfUsersWithoutAHome) {
    if (!is_root()) GTEST_SKIP() << "only root can be led astray";
    const test::Folder folder;
    const directory::LocalUser user = test::user_at(folder / "users/link/ann");
    fs::create_directory(folder / "users");
    ASSERT_EQ(::chown((folder / "users").c_str(), stranger, stranger), 0);
    fs::create_directory(folder / "roots");
    fs::create_directory_symlink(folder / "roots", folder / "users/link");
    EXPECT_FALSE(open_maildir(user));
    EXPECT_TRUE(fs::is_empty(folder / "roots"));
}

TEST(MaildirFolder, RefusesAPathThatGoesUp) {
    const test::Folder folder;
    directory::LocalUser user = at_home(folder, ::geteuid());
    user.maildir = user.home + "/../other/";
    EXPECT_FALSE(open_maildir(user));
    EXPECT_FALSE(fs::exists(folder / "other"));
}

TEST(MaildirFolder, LookingMakesNothing) {
    const test::Folder folder;
    const directory::LocalUser user = test::user_at(folder / "ann");
    EXPECT_FALSE(look_at_maildir(user));
    EXPECT_FALSE(fs::exists(folder / "ann"));
    ASSERT_TRUE(open_maildir(user));
    EXPECT_TRUE(look_at_maildir(user));
}

}  // namespace
}  // namespace ph::deliver
