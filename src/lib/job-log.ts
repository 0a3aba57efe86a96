/** How a job that runs again and again does: `runs` and `failures` since the process started. */
export type JobReport = { name: string; everyMs: number; runs: number; failures: number; lastAt: Date | null; lastMs: number }
type Job = { name: string; everyMs: number; run: () => Promise<void> | void }

/** The same jobs, and a report on each. */
export function watchJobs(jobs: readonly Job[], now: () => Date): { jobs: Job[]; reports: () => JobReport[] } {
  const reports = jobs.map(({ name, everyMs }): JobReport => ({ name, everyMs, runs: 0, failures: 0, lastAt: null, lastMs: 0 }))
  const watched = jobs.map((job, at): Job => {
    const report = reports[at]!
    return {
      ...job,
      async run() {
        const since = performance.now()
        try {
          await job.run()
        } catch (error) {
          report.failures++
          throw error
        } finally {
          report.runs++
          report.lastAt = now()
          report.lastMs = Math.round(performance.now() - since)
        }
      },
    }
  })
  return { jobs: watched, reports: () => reports.map(report => ({ ...report })) }
}
