// smtp/syntax/content_decoder.cc: a state machine for the octets that need a change, and a scan in blocks of 64 for all others.
// The scan looks at the places of CR, LF and "." in a block as bit sets: in good text LF is exactly CR moved on by one.
#include "smtp/syntax/content_decoder.h"

#include <bit>

#include "base/assert.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ph::smtp {
namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::size_t block_size = 64;

// Where `c` stands in a block: bit i for octet i.
#ifdef __SSE2__
inline std::uint64_t places_of(const char* block, char c) {
    const __m128i wanted = _mm_set1_epi8(c);
    const auto part = [&](std::size_t offset) {
        const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + offset));
        return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(octets, wanted))));
    };
    return part(0) | part(16) << 16U | part(32) << 32U | part(48) << 48U;
}
#else
inline std::uint64_t places_of(const char* block, char c) {
    std::uint64_t places = 0;
    for (unsigned i = 0; i < block_size; ++i) places |= static_cast<std::uint64_t>(block[i] == c) << i;
    return places;
}
#endif

// The octets behind the last whole block, one by one.
std::size_t transparent_tail(std::string_view in, std::size_t at, bool after_cr, bool after_lf, bool dots) {
    for (; at < in.size(); ++at) {
        const char c = in[at];
        if (after_cr != (c == '\n')) return after_cr ? at - 1 : at;
        if (dots && after_lf && c == '.') return at;
        after_cr = c == '\r';
        after_lf = c == '\n';
    }
    return after_cr ? at - 1 : at;
}

}  // namespace

std::size_t transparent_run(std::string_view in, bool line_start, bool dots) {
    std::uint64_t after_cr = 0;
    std::uint64_t after_lf = line_start ? 1 : 0;
    std::size_t at = 0;
    for (; at + block_size <= in.size(); at += block_size) {
        const char* block = in.data() + at;
        const std::uint64_t cr = places_of(block, '\r');
        const std::uint64_t lf = places_of(block, '\n');
        const std::uint64_t lf_due = cr << 1U | after_cr;
        const std::uint64_t starts = lf << 1U | after_lf;
        std::uint64_t special = lf ^ lf_due;
        if (dots && starts != 0) special |= starts & places_of(block, '.');
        if (special != 0) {
            const auto place = static_cast<unsigned>(std::countr_zero(special));
            const bool cr_before = ((lf_due & ~lf) >> place & 1U) != 0;  // it is the CR before that stands alone
            return at + place - (cr_before ? 1 : 0);
        }
        after_cr = cr >> 63U;
        after_lf = lf >> 63U;
    }
    return transparent_tail(in, at, after_cr != 0, after_lf != 0, dots);
}

ContentDecoder::Piece ContentDecoder::next(std::string_view in) {
    PH_ASSERT(!in.empty());
    switch (state_) {
        case State::line_start:
        case State::text:
            return in_text(in);
        case State::cr:
            if (in.front() != '\n') return bare(0);
            state_ = State::line_start;
            return {1, crlf};
        case State::dot:
            state_ = in.front() == '\r' ? State::dot_cr : State::text;  // RFC 5321 4.5.2: a dot with more behind it goes
            return {state_ == State::dot_cr ? 1U : 0U, {}};
        case State::dot_cr:
            if (in.front() != '\n') return bare(0);
            state_ = State::ended;
            return {1, {}};
        case State::ended:
            break;
    }
    PH_ASSERT(false);
}

ContentDecoder::Piece ContentDecoder::in_text(std::string_view in) {
    const bool dots = framing_ == Framing::dots;
    const std::size_t run = transparent_run(in, state_ == State::line_start, dots);
    if (run != 0) {
        state_ = in[run - 1] == '\n' ? State::line_start : State::text;
        return {run, in.substr(0, run)};
    }
    if (in.front() == '\r' && in.size() == 1) {
        state_ = State::cr;
        return {1, {}};
    }
    if (in.front() == '.') {
        state_ = State::dot;
        return {1, {}};
    }
    return bare(1);
}

// A dot behind such a line end is an ordinary octet: lines begin behind CRLF alone.
ContentDecoder::Piece ContentDecoder::bare(std::size_t taken) {
    bare_newline_ = true;
    state_ = State::text;
    return {taken, crlf};
}

std::string_view ContentDecoder::finish() {
    if (state_ != State::cr) return {};
    bare_newline_ = true;
    state_ = State::line_start;
    return crlf;
}

}  // namespace ph::smtp
