// policy/registry_test.cc: the checks are whole, stand in the order of the stages, and the document is the one of the code.
#include "policy/registry.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "catalogue/builtin.h"
#include "status/catalogue.h"

namespace ph::policy {
namespace {

TEST(Registry, ChecksStandInTheOrderOfTheStages) {
    Stage before = Stage::connect;
    for (const CheckInfo* check : all_checks()) {
        EXPECT_GE(check->stage, before) << check->name;
        before = check->stage;
    }
}

TEST(Registry, NothingTellsWhoExistsBeforeRelayingIsAllowed) {
    std::size_t relay = 0;
    std::size_t recipient = 0;
    for (std::size_t i = 0; i < all_checks().size(); ++i) {
        if (all_checks()[i]->name == "relay") relay = i;
        if (all_checks()[i]->name == "recipient") recipient = i;
    }
    EXPECT_LT(relay, recipient);
}

TEST(Registry, EveryCheckIsWhole) {
    std::set<std::string_view> names;
    for (const CheckInfo* check : all_checks()) {
        EXPECT_TRUE(names.insert(check->name).second) << check->name << " stands twice";
        EXPECT_NE(check->decide == nullptr, check->inquire == nullptr) << check->name;
        EXPECT_FALSE(check->replies.empty() || check->doc.en.empty() || check->doc.zh.empty()) << check->name;
    }
}

TEST(Registry, ASwitchedCheckHasTheParameterOfItsName) {
    for (const CheckInfo* check : all_checks()) {
        if (check->mode == nullptr) continue;
        std::string_view parameter;
        std::apply(
            [&](const auto&... entry) {
                const auto look = [&](const auto& one) {
                    if constexpr (std::is_same_v<decltype(one.member), std::string PolicyParams::*>) {
                        if (one.member == check->mode) parameter = one.info.name;
                    }
                };
                (look(entry), ...);
            },
            policy_params);
        EXPECT_EQ(parameter, "policy." + std::string(check->name));
    }
}

TEST(Registry, EveryReplyIsInTheCatalogueWithItsCause) {
    const status::Catalogue catalogue(catalogue::builtin());
    for (const CheckInfo* check : all_checks()) {
        for (const status::OwnReply* reply : check->replies) {
            const status::Cause* cause = catalogue.find(reply->cause);
            ASSERT_NE(cause, nullptr) << check->name << ' ' << reply->name;
            const auto named = [&](const status::OwnReply& own) { return own.name == reply->name; };
            EXPECT_TRUE(std::ranges::any_of(cause->replies, named)) << reply->name;
        }
    }
}

TEST(Registry, TheDocumentIsTheOneOfTheCode) {
    std::ifstream file(PH_SOURCE_DIR "/docs/policy-checks.md");
    const std::string written((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_EQ(written, checks_document()) << "write docs/policy-checks.md anew from what is expected here";
}

}  // namespace
}  // namespace ph::policy
