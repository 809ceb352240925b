// examples/explain_reply.cc: a program of your own that explains replies: link it with `pkg-config --cflags --libs posthorn-explain`.
// Reads one reply a line and prints whether to try again, and why it failed.
#include <iostream>
#include <posthorn/explain.h>
#include <string>

int main() {
    posthorn::Explainer explainer;
    for (std::string reply; std::getline(std::cin, reply);) {
        const posthorn::Explanation explanation = explainer.explain(reply);
        std::cout << (explanation.permanent ? "give up  " : "try again") << "  " << explanation.cause << "\n    " << explanation.title_en << "\n    "
                  << explanation.title_zh << '\n';
    }
}
