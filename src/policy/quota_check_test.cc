// policy/quota_check_test.cc: since when a mailbox is full, as far as anybody asked.
#include "policy/quota_check.h"

#include <gtest/gtest.h>

#include "io/test_world.h"

namespace ph::policy {
namespace {

io::Task<std::optional<std::uint64_t>> answer(std::optional<std::uint64_t> used) {
    co_return used;
}

class QuotaCheckTest : public testing::Test {
  protected:
    std::optional<TimePoint> ask(const std::string& name, std::uint64_t size = 0) {
        directory::LocalUser user;
        user.maildir = "/m/" + name + "/";
        user.quota_bytes = 100;
        return world_.wait_for(mailboxes_.full_since(std::move(user), size));
    }

    io::TestWorld world_;
    std::optional<std::uint64_t> used_;
    FullMailboxes mailboxes_{world_, [this](const directory::LocalUser&) { return answer(used_); }, 2};
};

using QuotaCheck = QuotaCheckTest;

TEST_F(QuotaCheck, RemembersWhenAMailboxWasFirstSeenFull) {
    used_ = 100;
    const auto since = ask("bob");
    ASSERT_TRUE(since);
    EXPECT_EQ(*since, world_.now());
    world_.advance(Seconds(3600));
    EXPECT_EQ(ask("bob"), since);
    used_ = 99;
    EXPECT_FALSE(ask("bob"));
    used_ = 100;
    EXPECT_EQ(ask("bob"), world_.now()) << "room in between begins a new grace";
}

TEST_F(QuotaCheck, AMessageTooLargeForTheRestDoesNotMakeAMailboxFull) {
    used_ = 60;
    EXPECT_FALSE(ask("bob", 40));
    EXPECT_EQ(ask("bob", 41), world_.now());
    world_.advance(Seconds(3600));
    EXPECT_EQ(ask("bob", 41), world_.now());
}

TEST_F(QuotaCheck, WhatCannotBeKnownIsNotFull) {
    EXPECT_FALSE(ask("bob"));
    directory::LocalUser without;
    used_ = 1'000'000;
    EXPECT_FALSE(world_.wait_for(mailboxes_.full_since(without, 1)));
}

TEST_F(QuotaCheck, ForgetsRatherThanGrows) {
    used_ = 100;
    for (const char* name : {"a", "b", "c", "d"}) EXPECT_TRUE(ask(name)) << name;
    world_.advance(Seconds(60));
    int remembered = 0;
    for (const char* name : {"d"}) remembered += ask(name) != world_.now() ? 1 : 0;
    EXPECT_EQ(remembered, 1);
}

}  // namespace
}  // namespace ph::policy
