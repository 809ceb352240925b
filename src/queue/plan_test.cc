// queue/plan_test.cc: jobs by destination, and what aliases and lists make of the sender's wishes.
#include "queue/plan.h"

#include <gtest/gtest.h>

namespace ph::queue {
namespace {

using mail::Notify;

directory::Target target(std::string local, std::string host, bool expanded = false, mail::Mailbox owner = {}) {
    directory::Target one;
    one.address = {std::move(local), host};
    one.route.host = std::move(host);
    one.expanded = expanded;
    one.owner = std::move(owner);
    return one;
}
Accepted accepted(std::string local, std::vector<directory::Target> targets, std::uint8_t notify = 0) {
    return {{{std::move(local), "here.example"}, {notify}, "rfc822;x@here.example"}, std::move(targets)};
}
const mail::Mailbox ann{"ann", "a.example"};

TEST(Plan, MakesOneJobForEachDestination) {
    const auto plans = plan_jobs(
        {accepted("b", {target("b", "b.example")}), accepted("c", {target("c", "c.example")}), accepted("d", {target("d", "b.example")})}, ann);
    ASSERT_EQ(plans.size(), 2U);
    EXPECT_EQ(plans[0].queue, "smtp:b.example");
    EXPECT_EQ(plans[0].data.recipients.size(), 2U);
    EXPECT_EQ(plans[0].data.reverse_path, ann);
    EXPECT_EQ(plans[1].data.recipients.size(), 1U);
    EXPECT_EQ(plans[1].data.recipients[0].original, (mail::Mailbox{"c", "here.example"}));
}

TEST(Plan, SendsTheSameTargetOneCopy) {
    const auto plans = plan_jobs({accepted("b", {target("b", "b.example")}), accepted("alias", {target("b", "b.example", true)})}, ann);
    ASSERT_EQ(plans.size(), 1U);
    EXPECT_EQ(plans[0].data.recipients.size(), 1U);
}

TEST(Plan, KeepsTheWishesWhenAnAliasIsOneAddress) {
    const auto plans = plan_jobs({accepted("alias", {target("b", "b.example", true)}, Notify::success | Notify::failure)}, ann);
    const spool::PendingRecipient& one = plans[0].data.recipients[0];
    EXPECT_TRUE(one.recipient.notify.wants_success());
    EXPECT_TRUE(one.expanded);
    EXPECT_FALSE(one.tell_expanded);
    EXPECT_EQ(one.recipient.orcpt, "rfc822;x@here.example");
}

TEST(Plan, TellsExpandedOnceWhenAnAliasIsSeveral) {
    const auto plans =
        plan_jobs({accepted("alias", {target("b", "b.example", true), target("c", "c.example", true)}, Notify::success | Notify::failure)}, ann);
    ASSERT_EQ(plans.size(), 2U);
    EXPECT_TRUE(plans[0].data.recipients[0].tell_expanded);
    EXPECT_FALSE(plans[1].data.recipients[0].tell_expanded);
    EXPECT_EQ(plans[1].data.recipients[0].recipient.notify.bits, Notify::failure);
}

TEST(Plan, NeverTurnsSuccessAloneIntoTheDefault) {
    const auto plans = plan_jobs({accepted("alias", {target("b", "b.example", true), target("c", "b.example", true)}, Notify::success)}, ann);
    EXPECT_FALSE(plans[0].data.recipients[1].recipient.notify.wants_failure());
}

TEST(Plan, StillTellsExpandedWhenTheFirstTargetHasTheMessageAlready) {
    const auto plans = plan_jobs({accepted("b", {target("b", "b.example")}),
                                  accepted("alias", {target("b", "b.example", true), target("c", "b.example", true)}, Notify::success)},
                                 ann);
    ASSERT_EQ(plans[0].data.recipients.size(), 2U);
    EXPECT_TRUE(plans[0].data.recipients[1].tell_expanded);
}

TEST(Plan, GivesAListsBouncesToItsOwner) {
    const mail::Mailbox owner{"owner-list", "here.example"};
    const auto plans =
        plan_jobs({accepted("list", {target("b", "b.example", true, owner)}, Notify::never), accepted("c", {target("c", "b.example")})}, ann);
    ASSERT_EQ(plans.size(), 2U);
    EXPECT_EQ(plans[0].data.reverse_path, owner);
    EXPECT_TRUE(plans[0].data.recipients[0].recipient.notify.wants_failure()) << "the sender's wishes end at the list";
    EXPECT_EQ(plans[1].data.reverse_path, ann);
}

TEST(Plan, KeepsTheNullReversePathNullThroughAList) {
    const auto plans = plan_jobs({accepted("list", {target("b", "b.example", true, {"owner-list", "here.example"})})}, {});
    EXPECT_TRUE(plans[0].data.reverse_path.is_null());
}

TEST(Plan, CutsJobsAtAHundredRecipients) {
    std::vector<Accepted> many;
    for (int count = 0; count < 250; ++count) {
        const std::string name = "u" + std::to_string(count);
        many.push_back(accepted(name, {target(name, "b.example")}));
    }
    const auto plans = plan_jobs(many, ann);
    ASSERT_EQ(plans.size(), 3U);
    EXPECT_EQ(plans[0].data.recipients.size(), 100U);
    EXPECT_EQ(plans[2].data.recipients.size(), 50U);
}

}  // namespace
}  // namespace ph::queue
