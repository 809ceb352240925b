// store/job_index_test.cc: the due index against a plain list of jobs that is searched anew for each question.
#include "store/job_index.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace ph::store {
namespace {

TimePoint time_at(std::int64_t ms) {
    return TimePoint(Milliseconds(ms));
}

struct ModelJob {
    QueueId id;
    std::string queue;
    std::int64_t at = 0;
    bool claimed = false;
    Slot slot = no_slot;
};

TEST(JobIndex, AgreesWithASearchThroughAllJobs) {
    std::mt19937 random(11);
    JobIndex index;
    std::vector<ModelJob> model;
    std::int64_t now = 0;
    for (std::uint64_t step = 1; step < 5'000; ++step) {
        now += random() % 10;
        if (random() % 2 == 0) {
            ModelJob job{QueueId(step), "q" + std::to_string(random() % 20), now + static_cast<std::int64_t>(random() % 300)};
            job.slot = index.add_job(index.add_message(job.id), {0, job.queue, time_at(job.at)});
            model.push_back(job);
        }
        for (ModelJob& job : model) {
            if (job.claimed && job.at <= now) job.claimed = false;
        }
        const std::string queue = "q" + std::to_string(random() % 20);
        for (const Slot slot : index.claim(queue, 2, time_at(now), time_at(now + 50))) {
            const auto first = std::min_element(model.begin(), model.end(), [&](const ModelJob& a, const ModelJob& b) {
                const bool a_due = !a.claimed && a.queue == queue;
                const bool b_due = !b.claimed && b.queue == queue;
                return a_due != b_due ? a_due : std::pair(a.at, a.id) < std::pair(b.at, b.id);
            });
            ASSERT_EQ(first->slot, slot);
            ASSERT_LE(first->at, now);
            first->claimed = true;
            first->at = now + 50;
        }
        if (random() % 3 == 0 && !model.empty()) {
            const std::size_t which = random() % model.size();
            index.erase_message(index.find(model[which].id));
            model.erase(model.begin() + static_cast<std::ptrdiff_t>(which));
        }
        const auto next = std::min_element(model.begin(), model.end(), [](const ModelJob& a, const ModelJob& b) { return a.at < b.at; });
        ASSERT_EQ(index.next_due(), next == model.end() ? std::nullopt : std::optional(time_at(next->at)));
        std::uint64_t due = 0;
        for (const QueueCount& count : index.due(time_at(now), "q1", 100)) due += count.due;
        ASSERT_EQ(due, static_cast<std::uint64_t>(
                           std::count_if(model.begin(), model.end(), [&](const ModelJob& job) { return !job.claimed && job.at <= now; })));
    }
    EXPECT_EQ(index.totals().messages, model.size());
}

}  // namespace
}  // namespace ph::store
