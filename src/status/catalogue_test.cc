// status/catalogue_test.cc: causes stay sorted, a later one takes the place of an earlier one, and the memory of a part lives on.
#include "status/catalogue.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::status {
namespace {

using testing::ElementsAre;

Cause cause_of(std::string_view id, std::string_view title) {
    Cause cause{};
    cause.id = id;
    cause.texts[0] = {title, title};
    return cause;
}

std::vector<std::string_view> ids_of(const Catalogue& catalogue) {
    std::vector<std::string_view> ids;
    for (const Cause* cause : catalogue.causes()) ids.push_back(cause->id);
    return ids;
}

TEST(Catalogue, IsEmptyAtFirst) {
    const Catalogue catalogue;
    EXPECT_TRUE(catalogue.causes().empty());
    EXPECT_EQ(catalogue.find("a.b"), nullptr);
    EXPECT_EQ(catalogue.find_provider("google"), nullptr);
}

TEST(Catalogue, SortsCausesByIdWhateverTheirOrder) {
    const std::vector<Cause> causes = {cause_of("b.b", "1"), cause_of("a.z", "2"), cause_of("a.b", "3")};
    const Catalogue catalogue({.causes = causes, .providers = {}});
    EXPECT_THAT(ids_of(catalogue), ElementsAre("a.b", "a.z", "b.b"));
    for (const Cause& cause : causes) EXPECT_EQ(catalogue.find(cause.id), &cause) << cause.id;
    EXPECT_EQ(catalogue.find("a.c"), nullptr);
    EXPECT_EQ(catalogue.find("z"), nullptr);
}

TEST(Catalogue, AddsAndReplacesById) {
    const std::vector<Cause> built_in = {cause_of("a.a", "built in"), cause_of("b.b", "built in")};
    const std::vector<Cause> local = {cause_of("b.b", "local"), cause_of("c.c", "local")};
    Catalogue catalogue({.causes = built_in, .providers = {}});
    catalogue.add({.causes = local, .providers = {}});
    EXPECT_THAT(ids_of(catalogue), ElementsAre("a.a", "b.b", "c.c"));
    EXPECT_EQ(catalogue.find("a.a")->text(TextPart::title).en, "built in");
    EXPECT_EQ(catalogue.find("b.b")->text(TextPart::title).en, "local");
}

TEST(Catalogue, FindsProvidersByIdAndAlias) {
    const std::vector<std::string_view> aliases = {"outlook", "hotmail"};
    std::vector<Provider> providers(2);
    providers[0].id = "microsoft";
    providers[0].aliases = aliases;
    providers[1].id = "google";
    const Catalogue catalogue({.causes = {}, .providers = providers});
    EXPECT_EQ(catalogue.find_provider("microsoft"), &providers[0]);
    EXPECT_EQ(catalogue.find_provider("hotmail"), &providers[0]);
    EXPECT_EQ(catalogue.find_provider("google"), &providers[1]);
    EXPECT_EQ(catalogue.find_provider("gmail"), nullptr);
}

TEST(Catalogue, ReplacesAProvider) {
    std::vector<Provider> first(1);
    std::vector<Provider> second(1);
    first[0].id = second[0].id = "google";
    Catalogue catalogue({.causes = {}, .providers = first});
    catalogue.add({.causes = {}, .providers = second});
    EXPECT_EQ(catalogue.providers().size(), 1U);
    EXPECT_EQ(catalogue.find_provider("google"), &second[0]);
}

TEST(Catalogue, KeepsTheArenaOfAPartAlive) {
    Catalogue catalogue;
    {
        auto arena = std::make_shared<CatalogueArena>();
        std::vector<Cause> causes = {cause_of(arena->keep(std::string("local.") + std::string(100, 'x')), arena->keep("title"))};
        catalogue.add({.causes = arena->keep(std::move(causes)), .providers = {}}, arena);
    }
    ASSERT_EQ(catalogue.causes().size(), 1U);
    EXPECT_EQ(catalogue.causes().front()->id, "local." + std::string(100, 'x'));
}

TEST(Catalogue, NeverMovesWhatAnArenaKeeps) {
    CatalogueArena arena;
    const std::string_view first = arena.keep("first");
    const std::span<const int> numbers = arena.keep(std::vector{1, 2, 3});
    for (int i = 0; i < 10000; ++i) {
        (void)arena.keep(std::to_string(i));
        (void)arena.keep(std::vector{i});
    }
    EXPECT_EQ(first, "first");
    EXPECT_THAT(numbers, ElementsAre(1, 2, 3));
    EXPECT_TRUE(arena.keep(std::vector<int>{}).empty());
}

}  // namespace
}  // namespace ph::status
