// smtp/syntax/content_decoder_test.cc: only CRLF "." CRLF ends a message, wherever the octets are cut; and the fast scan sees what a slow one sees.
#include "smtp/syntax/content_decoder.h"

#include <string>

#include <gtest/gtest.h>

namespace ph::smtp {
namespace {

struct Decoded {
    std::string content;
    std::size_t taken = 0;
    bool ended = false;
    bool bare = false;
    friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(std::string_view in, Framing framing, std::size_t step) {
    ContentDecoder decoder(framing);
    Decoded out;
    for (std::size_t at = 0; at < in.size() && !decoder.ended(); at += step) {
        std::string_view part = in.substr(at, step);
        while (!part.empty() && !decoder.ended()) {
            const ContentDecoder::Piece piece = decoder.next(part);
            out.content += piece.bytes;
            out.taken += piece.taken;
            part.remove_prefix(piece.taken);
        }
    }
    if (!decoder.ended()) out.content += decoder.finish();
    out.ended = decoder.ended();
    out.bare = decoder.bare_newline();
    return out;
}

TEST(SyntaxContentDecoder, TakesDotsOffAndStopsAtTheEnd) {
    const Decoded out = decode("a\r\n..\r\n.b\r\n.\r\nQUIT\r\n", Framing::dots, 100);
    EXPECT_EQ(out.content, "a\r\n.\r\nb\r\n");
    EXPECT_TRUE(out.ended);
    EXPECT_FALSE(out.bare);
    EXPECT_EQ(out.taken, 14U);
    EXPECT_TRUE(decode(".\r\n", Framing::dots, 100).ended);
    EXPECT_EQ(decode(".\r\n", Framing::dots, 100).content, "");
}

TEST(SyntaxContentDecoder, NothingButCrlfDotCrlfEnds) {
    const std::string_view breaks[] = {"\r\n", "\n", "\r", "\n\r", "\r\r\n", "\n\n", "\r\r", "\0\r\n"};
    for (const std::string_view before : breaks) {
        for (const std::string_view after : breaks) {
            if (before == "\r\n" && after == "\r\n") continue;
            if (before == "\r\r\n" && after == "\r\n") continue;  // ends with CRLF
            const std::string in = "a" + std::string(before) + "." + std::string(after) + "b";
            const Decoded out = decode(in, Framing::dots, 1);
            EXPECT_FALSE(out.ended) << testing::PrintToString(in);
            EXPECT_EQ(out.content.find("\n\n"), std::string::npos);
        }
    }
}

TEST(SyntaxContentDecoder, MakesBareNewlinesCrlf) {
    EXPECT_EQ(decode("a\nb\rc\r\r\nd\n\re", Framing::dots, 100), (Decoded{"a\r\nb\r\nc\r\n\r\nd\r\n\r\ne", 12, false, true}));
    EXPECT_EQ(decode("a\r", Framing::chunks, 100), (Decoded{"a\r\n", 2, false, true}));
    EXPECT_EQ(decode("a\n..\r\n", Framing::dots, 100).content, "a\r\n..\r\n");  // no line begins behind a bare LF
}

TEST(SyntaxContentDecoder, ChunksKeepTheirDots) {
    EXPECT_EQ(decode(".\r\n..\r\n.\r\n", Framing::chunks, 100), (Decoded{".\r\n..\r\n.\r\n", 10, false, false}));
}

TEST(SyntaxContentDecoder, TheCutDoesNotMatter) {
    // Every text of up to seven of these octets, cut in every size.
    const std::string_view alphabet = "\r\n.a";
    for (std::size_t length = 1; length <= 7; ++length) {
        std::size_t count = 1;
        for (std::size_t i = 0; i < length; ++i) count *= alphabet.size();
        for (std::size_t n = 0; n < count; ++n) {
            std::string in;
            for (std::size_t rest = n, i = 0; i < length; ++i, rest /= alphabet.size()) in += alphabet[rest % alphabet.size()];
            for (const Framing framing : {Framing::dots, Framing::chunks}) {
                const Decoded whole = decode(in, framing, length);
                for (std::size_t step = 1; step < length; ++step) ASSERT_EQ(decode(in, framing, step), whole) << testing::PrintToString(in);
                ASSERT_EQ(whole.ended, framing == Framing::dots && ("\r\n" + in).find("\r\n.\r\n") != std::string::npos)
                    << testing::PrintToString(in);
            }
        }
    }
}

std::size_t slow_run(std::string_view in, bool line_start, bool dots) {
    for (std::size_t at = 0; at < in.size(); ++at) {
        const bool after_cr = at > 0 && in[at - 1] == '\r';
        const bool starts_line = at == 0 ? line_start : in[at - 1] == '\n';
        if (in[at] == '\n' && !after_cr) return at;
        if (in[at] == '\r' && (at + 1 == in.size() || in[at + 1] != '\n')) return at;
        if (dots && starts_line && in[at] == '.') return at;
    }
    return in.size();
}

TEST(SyntaxContentDecoder, TheScanOfBlocksIsTheScanOfOctets) {
    std::uint32_t random = 1;
    const auto next = [&] { return random = random * 1664525U + 1013904223U; };
    for (int round = 0; round < 20'000; ++round) {
        std::string in;
        for (std::size_t i = next() >> 24U; i > 0; --i) {
            const std::uint32_t kind = next() >> 16U & 1023U;
            in += kind < 2 ? "\n" : kind < 4 ? "\r" : kind < 60 ? "\r\n" : kind < 62 ? "\r\n." : kind < 80 ? "." : "x";
        }
        const bool line_start = (next() >> 20U & 1U) != 0;
        const bool dots = (next() >> 20U & 1U) != 0;
        ASSERT_EQ(transparent_run(in, line_start, dots), slow_run(in, line_start, dots)) << testing::PrintToString(in);
    }
}

}  // namespace
}  // namespace ph::smtp
