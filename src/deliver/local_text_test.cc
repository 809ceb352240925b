// deliver/local_text_test.cc: line ends are the same wherever the pieces are cut; what final delivery puts before a message.
#include "deliver/local_text.h"

#include <gtest/gtest.h>

namespace ph::deliver {
namespace {

std::string cut_at(std::string_view text, std::size_t at) {
    std::string out;
    LineEnds ends;
    ends.append(out, text.substr(0, at));
    ends.append(out, text.substr(at));
    ends.finish(out);
    return out;
}

TEST(LocalText, MakesLineFeedsWhereverTheTextIsCut) {
    const std::string_view text = "a\r\n\r\nb\rc\n\r\r\nlast\r";
    for (std::size_t at = 0; at <= text.size(); ++at) EXPECT_EQ(cut_at(text, at), "a\n\nb\rc\n\r\nlast\r") << at;
}

TEST(LocalText, TakesNothingFromAnEmptyText) {
    EXPECT_EQ(cut_at("", 0), "");
}

TEST(LocalText, PutsReturnPathAndDeliveredToBeforeTheMessage) {
    EXPECT_EQ(final_header({"ann", "a.example"}, {"ben", "b.example"}), "Return-Path: <ann@a.example>\nDelivered-To: ben@b.example\n");
    EXPECT_EQ(final_header({}, {"ben", "b.example"}), "Return-Path: <>\nDelivered-To: ben@b.example\n");
}

}  // namespace
}  // namespace ph::deliver
