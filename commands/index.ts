/** All commands, in the order in which help shows them. There is no other list. */
import { ack } from "./ack.ts";
import { alerts } from "./alerts.ts";
import { approve } from "./approve.ts";
import { campaignArchive } from "./campaign-archive.ts";
import { campaignFinish } from "./campaign-finish.ts";
import { campaignPause } from "./campaign-pause.ts";
import { campaignProgress } from "./campaign-progress.ts";
import { campaignPublish } from "./campaign-publish.ts";
import { campaignRequest } from "./campaign-request.ts";
import { campaignResume } from "./campaign-resume.ts";
import { campaignShow } from "./campaign-show.ts";
import { campaignStart } from "./campaign-start.ts";
import { campaigns } from "./campaigns.ts";
import { cancel } from "./cancel.ts";
import { chart } from "./chart.ts";
import { close } from "./close.ts";
import { confirm } from "./confirm.ts";
import type { Command } from "./context.ts";
import { deploy } from "./deploy.ts";
import { deployments } from "./deployments.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { env } from "./env.ts";
import { evidence } from "./evidence.ts";
import { freeze } from "./freeze.ts";
import { gtAppend } from "./gt-append.ts";
import { gtClone } from "./gt-clone.ts";
import { gtDiff } from "./gt-diff.ts";
import { gtDrift } from "./gt-drift.ts";
import { gtExport } from "./gt-export.ts";
import { gtHistory } from "./gt-history.ts";
import { gtList } from "./gt-list.ts";
import { gtMerge } from "./gt-merge.ts";
import { gtPut } from "./gt-put.ts";
import { gtRemove } from "./gt-remove.ts";
import { gtShow } from "./gt-show.ts";
import { gtState } from "./gt-state.ts";
import { handover } from "./handover.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { hold } from "./hold.ts";
import { inject } from "./inject.ts";
import { iov } from "./iov.ts";
import { jobs } from "./jobs.ts";
import { link } from "./link.ts";
import { lock } from "./lock.ts";
import { logs } from "./logs.ts";
import { mine } from "./mine.ts";
import { oncall } from "./oncall.ts";
import { pause } from "./pause.ts";
import { payload } from "./payload.ts";
import { payloadPut } from "./payload-put.ts";
import { plan } from "./plan.ts";
import { publish } from "./publish.ts";
import { reject } from "./reject.ts";
import { release } from "./release.ts";
import { releaseHoldExtend } from "./release-hold-extend.ts";
import { releaseHoldForce } from "./release-hold-force.ts";
import { releaseHoldShow } from "./release-hold-show.ts";
import { reprocess } from "./reprocess.ts";
import { resume } from "./resume.ts";
import { retry } from "./retry.ts";
import { revoke } from "./revoke.ts";
import { rollback } from "./rollback.ts";
import { run } from "./run.ts";
import { runs } from "./runs.ts";
import { signoffs } from "./signoffs.ts";
import { silence } from "./silence.ts";
import { silences } from "./silences.ts";
import { skip } from "./skip.ts";
import { stale } from "./stale.ts";
import { status } from "./status.ts";
import { subscribe } from "./subscribe.ts";
import { task } from "./task.ts";
import { tasks } from "./tasks.ts";
import { unack } from "./unack.ts";
import { unfreeze } from "./unfreeze.ts";
import { unlink } from "./unlink.ts";
import { unlock } from "./unlock.ts";
import { unsilence } from "./unsilence.ts";
import { unsubscribe } from "./unsubscribe.ts";
import { validate } from "./validate.ts";
import { which } from "./which.ts";
import { whoami } from "./whoami.ts";
import { why } from "./why.ts";
import { workflows } from "./workflows.ts";

export const COMMANDS: readonly Command[] = [
  status,
  mine,
  runs,
  run,
  tasks,
  task,
  jobs,
  logs,
  why,
  retry,
  publish,
  reprocess,
  skip,
  hold,
  release,
  releaseHoldShow,
  releaseHoldExtend,
  releaseHoldForce,
  pause,
  resume,
  alerts,
  ack,
  unack,
  silence,
  silences,
  unsilence,
  oncall,
  handover,
  subscribe,
  unsubscribe,
  signoffs,
  approve,
  reject,
  revoke,
  evidence,
  stale,
  close,
  campaigns,
  campaignShow,
  campaignProgress,
  campaignRequest,
  campaignStart,
  campaignPause,
  campaignResume,
  campaignFinish,
  campaignPublish,
  campaignArchive,
  inject,
  gtList,
  gtShow,
  gtDiff,
  gtHistory,
  gtDrift,
  gtClone,
  gtMerge,
  gtAppend,
  gtPut,
  gtRemove,
  gtState,
  gtExport,
  iov,
  payload,
  payloadPut,
  workflows,
  validate,
  env,
  deployments,
  plan,
  diff,
  deploy,
  rollback,
  freeze,
  unfreeze,
  lock,
  unlock,
  which,
  confirm,
  cancel,
  chart,
  history,
  whoami,
  link,
  unlink,
  doctor,
  help,
];
