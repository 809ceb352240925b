// directory/users_test.cc: mailboxes of the three kinds of users, and names that may not become part of a path.
#include "directory/users.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Made {
    std::unique_ptr<Users> users;
    std::vector<std::string> faults;
};

Made make(const DirectoryParams& params, const MailboxOwner& owner = {}) {
    std::vector<Fault> faults;
    Made made{make_users(params, owner, {"posthorn.toml", 4, 1}, faults), {}};
    for (const Fault& fault : faults) made.faults.push_back(to_text(fault));
    return made;
}

std::optional<LocalUser> find(const Users& users, const std::string& name) {
    std::string trouble;
    auto user = users.find(name, "example.org", trouble);
    EXPECT_EQ(trouble, "");
    return user;
}

TEST(Users, ReadsAMailboxEntry) {
    EXPECT_EQ(parse_mailbox_entry("/m/bob")->maildir, "/m/bob");
    EXPECT_EQ(parse_mailbox_entry("/m/bob:2G")->quota, 2ULL << 30U);
    EXPECT_EQ(parse_mailbox_entry("/m/bob:1000:100")->uid, 1000U);
    EXPECT_EQ(parse_mailbox_entry("/m/bob:1000:100")->gid, 100U);
    EXPECT_EQ(parse_mailbox_entry("/m/bob:1000:100:5M")->quota, 5ULL << 20U);
    EXPECT_EQ(parse_mailbox_entry("-:1M")->maildir, "");
    for (const char* bad : {"/m/bob:x", "/m/bob:1:x", "/m/bob:1:2:3:4", "/m/bob:4294967295:1", "/m/../etc", "/m:"})
        EXPECT_FALSE(parse_mailbox_entry(bad)) << bad;
}

TEST(Users, NoNameLeavesItsFolder) {
    for (const std::string bad : {"", ".", "..", ".hidden", "../../etc", "a/b", "a\\b", "a\nb"}) {
        EXPECT_FALSE(is_path_part(bad)) << bad;
        EXPECT_FALSE(fill_maildir("/m/{user}", bad, "example.org", "")) << bad;
    }
    EXPECT_FALSE(is_path_part(std::string_view("a\0b", 3)));
    EXPECT_FALSE(is_path_part("a\xFF"));
    EXPECT_EQ(fill_maildir("/m/{domain}/{user}/Maildir", "bob", "example.org", ""), "/m/example.org/bob/Maildir/");
    EXPECT_EQ(fill_maildir("{home}/Maildir/", "bob", "example.org", "/home/bob"), "/home/bob/Maildir/");
    EXPECT_FALSE(fill_maildir("{home}/Maildir/", "bob", "example.org", "relative"));
}

TEST(Users, AnyNameHasAMailbox) {
    DirectoryParams params;
    params.local_users = "any";
    params.local_maildir = "/m/{user}";
    params.local_quota = 7;
    const Made made = make(params, {1234U, 99U});
    EXPECT_THAT(made.faults, IsEmpty());
    const auto user = find(*made.users, "bob");
    ASSERT_TRUE(user);
    EXPECT_EQ(user->maildir, "/m/bob/");
    EXPECT_EQ(user->uid, 1234U);
    EXPECT_EQ(user->gid, 99U);
    EXPECT_EQ(user->quota_bytes, 7U);
    EXPECT_FALSE(find(*made.users, "../x"));
    EXPECT_EQ(find(*make(params).users, "bob")->uid, geteuid()) << "without an owner, as the server runs";
}

TEST(Users, OnlySystemUsersHaveAHome) {
    DirectoryParams params;
    params.local_users = "any";
    EXPECT_THAT(make(params).faults, ElementsAre(HasSubstr("posthorn.toml:4:1: local.maildir has {home}")));
}

TEST(Users, TakesThemFromATable) {
    const TestFolder folder;
    DirectoryParams params;
    params.local_users = folder.write("users", "Bob /m/bob:1000:100:1M\ncarol\n");
    params.local_maildir = "/all/{user}/";
    params.local_quota = 5;
    const Made made = make(params);
    EXPECT_THAT(made.faults, IsEmpty());
    EXPECT_EQ(find(*made.users, "bob")->maildir, "/m/bob/");
    EXPECT_EQ(find(*made.users, "bob")->uid, 1000U);
    EXPECT_EQ(find(*made.users, "bob")->quota_bytes, 1ULL << 20U);
    EXPECT_EQ(find(*made.users, "carol")->maildir, "/all/carol/");
    EXPECT_EQ(find(*made.users, "carol")->quota_bytes, 5U);
    EXPECT_FALSE(find(*made.users, "dan"));
}

TEST(Users, TellsMistakesInTheTable) {
    const TestFolder folder;
    DirectoryParams params;
    params.local_users = folder.write("users", "bob m/bob\ncarol /m/carol:x\ndan@example.org /m/dan\n");
    EXPECT_THAT(make(params).faults,
                ElementsAre(HasSubstr("users:1: the maildir of 'bob' must be an absolute path"),
                            HasSubstr("users:2: '/m/carol:x' is no mailbox; write"), HasSubstr("users:3: users have names without a domain")));
    params.local_users = folder.write("more", "erin\n");
    EXPECT_THAT(make(params).faults, ElementsAre(HasSubstr("local.maildir has {home}")));
}

TEST(Users, AsksTheSystem) {
    const Made made = make({});
    EXPECT_TRUE(made.users->may_block());
    const auto root = find(*made.users, "root");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->uid, 0U);
    EXPECT_EQ(root->maildir, root->home + "/Maildir/");
    EXPECT_FALSE(find(*made.users, "no-such-user-here"));
}

}  // namespace
}  // namespace ph::directory
