// base/result_test.cc: a Fault travels up through PH_TRY unchanged, and is told as compilers tell theirs.
#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace ph {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) return fail(FaultKind::bad_value, std::to_string(number) + " is odd", {"numbers.toml", 3, 7});
    return number / 2;
}

Result<std::string> quarter(int number) {
    PH_TRY(const int first, half(number));
    PH_TRY(const int second, half(first));
    return std::to_string(second);
}

TEST(Result, HandsOnTheValue) {
    EXPECT_EQ(quarter(8).value(), "2");
}

TEST(Result, HandsOnTheFaultOfTheStepThatFailed) {
    EXPECT_EQ(quarter(7).error().message, "7 is odd");
    const auto failed = quarter(6);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "3 is odd");
    EXPECT_EQ(failed.error().kind, FaultKind::bad_value);
    EXPECT_EQ(failed.error().where.line, 3U);
}

Result<std::unique_ptr<int>> make(int number) {
    return std::make_unique<int>(number);
}

Result<int> read_moved(int number) {
    PH_TRY(const auto pointer, make(number));
    return *pointer;
}

TEST(Result, MovesWhatCannotBeCopied) {
    EXPECT_EQ(read_moved(5).value(), 5);
}

Result<int> split_by_comma() {
    PH_TRY(const int sum, [](int a, int b) -> Result<int> { return a + b; }(1, 2));
    return sum;
}

TEST(Result, TakesExpressionsWithCommas) {
    EXPECT_EQ(split_by_comma().value(), 3);
}

TEST(Result, TellsFileLineAndColumnWhereKnown) {
    EXPECT_EQ(to_text({FaultKind::malformed, "no", {"a.toml", 3, 7}}), "a.toml:3:7: no");
    EXPECT_EQ(to_text({FaultKind::malformed, "no", {"a.toml", 3, 0}}), "a.toml:3: no");
    EXPECT_EQ(to_text({FaultKind::malformed, "no", {"a.toml", 0, 0}}), "a.toml: no");
    EXPECT_EQ(to_text({FaultKind::malformed, "no", {}}), "no");
}

}  // namespace
}  // namespace ph
