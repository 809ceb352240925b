// mail/line_wrap_test.cc: the wire form of content, the same wherever it was cut (RFC 5321 4.5.2, 4.5.3.1.6).
#include "mail/line_wrap.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace ph::mail {
namespace {

std::string wrapped_pieces(std::string_view text, std::size_t step, Dots dots) {
    LineWrap wrap(dots);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += step) wrap.append(out, text.substr(at, step));
    wrap.finish(out);
    return out;
}

std::string wrapped(std::string_view text, Dots dots = Dots::stuff) {
    const std::string out = wrapped_pieces(text, text.size() + 1, dots);
    for (const std::size_t step : {1U, 2U, 3U, 5U, 100U, 997U}) EXPECT_EQ(wrapped_pieces(text, step, dots), out) << "step " << step;
    return out;
}

TEST(LineWrap, DoublesDotsAtLineStartsAlone) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", ".\r\n"},
        {"a\r\n", "a\r\n.\r\n"},
        {".\r\n", "..\r\n.\r\n"},
        {"..\r\n.a.\r\n", "...\r\n..a.\r\n.\r\n"},
        {"a.b\r\n", "a.b\r\n.\r\n"},
        {"\r\n.\r\n", "\r\n..\r\n.\r\n"},
        {"open", "open\r\n.\r\n"},
        {".", "..\r\n.\r\n"},
    };
    for (const auto& [text, wire] : cases) EXPECT_EQ(wrapped(text), wire);
}

TEST(LineWrap, KeepsDotsForBdat) {
    EXPECT_EQ(wrapped(".\r\n..\r\nopen", Dots::keep), ".\r\n..\r\nopen\r\n");
    EXPECT_EQ(wrapped("", Dots::keep), "");
}

TEST(LineWrap, LeavesLinesThatFitAlone) {
    for (std::size_t length = 990; length <= 998; ++length) {
        const std::string text = std::string(length, 'x') + "\r\n" + std::string(length, '\xe4') + "\r\n";
        EXPECT_EQ(wrapped(text, Dots::keep), text);
    }
}

TEST(LineWrap, BreaksLongLinesWithABlank) {
    EXPECT_EQ(wrapped(std::string(999, 'x') + "\r\n", Dots::keep), std::string(998, 'x') + "\r\n x\r\n");
    EXPECT_EQ(wrapped(std::string(3000, 'x'), Dots::keep),
              std::string(998, 'x') + "\r\n " + std::string(997, 'x') + "\r\n " + std::string(997, 'x') + "\r\n " + std::string(8, 'x') + "\r\n");
    EXPECT_EQ(wrapped("." + std::string(998, 'x') + "\r\ny\r\n"), ".." + std::string(997, 'x') + "\r\n x\r\ny\r\n.\r\n");
}

TEST(LineWrap, DoesNotDoubleADotBehindABreak) {
    EXPECT_EQ(wrapped(std::string(998, 'x') + "..\r\n"), std::string(998, 'x') + "\r\n ..\r\n.\r\n");
}

TEST(LineWrap, BreaksBetweenCharacters) {
    for (const char* character : {"\xc3\xa4", "中", "\xf0\x9f\x93\xaf"}) {
        for (std::size_t before = 0; before < 4; ++before) {
            std::string text(before, 'x');
            for (int i = 0; i < 1500; ++i) text += character;
            const std::string out = wrapped(text + "\r\n", Dots::keep);
            std::string joined;
            for (std::size_t at = 0; at < out.size();) {
                const std::size_t end = out.find("\r\n", at);
                EXPECT_LE(end - at, 998U);
                EXPECT_TRUE(is_utf8(out.substr(at, end - at)));
                joined += out.substr(at == 0 ? 0 : at + 1, end - at - (at == 0 ? 0 : 1));
                at = end + 2;
            }
            EXPECT_EQ(joined, text);
        }
    }
}

TEST(LineWrap, BreaksOctetsThatAreNoCharacters) {
    const std::string out = wrapped(std::string(2000, '\x80') + "\r\n", Dots::keep);
    EXPECT_EQ(out.find("\r\n"), 998U);
    EXPECT_EQ(out.size(), 2000U + 2 + 2 * 3);
}

}  // namespace
}  // namespace ph::mail
