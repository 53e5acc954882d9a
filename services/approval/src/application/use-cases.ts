/** All that can be asked of this service, made from its dependencies. */
import { checkEligibility } from './check-eligibility.ts';
import { createApplication } from './create-application.ts';
import { declineApplication, submitOffer } from './decide-by-person.ts';
import type { Dependencies } from './dependencies.ts';
import { acknowledgeTask, completeTask, extendTaskLease } from './hold-task.ts';
import { leaseTasks } from './lease-tasks.ts';
import {
  activatePolicyVersion,
  approvePolicyVersion,
  createPolicyVersion,
  getEffectivePolicy,
  getPolicyVersion,
  listPolicyVersions,
} from './policy-versions.ts';
import {
  approveProductVersion,
  createProductVersion,
  getProductVersion,
  listProductVersions,
} from './product-versions.ts';
import { getApplication, listApplications } from './read-applications.ts';
import { getDecision, listDecisions, replayDecision } from './read-decisions.ts';
import { getOffer, listOffers } from './read-offers.ts';
import { getTask, listTasks } from './read-tasks.ts';
import { requestManualReview } from './request-manual-review.ts';
import { submitApplication } from './submit-application.ts';
import { validatePolicyVersion } from './validate-policy-version.ts';
import { watchApplication } from './watch-application.ts';
import { withdrawApplication } from './withdraw-application.ts';

export const useCasesOf = (dependencies: Dependencies) => ({
  clock: dependencies.clock,

  createProductVersion: createProductVersion(dependencies),
  approveProductVersion: approveProductVersion(dependencies),
  getProductVersion: getProductVersion(dependencies),
  listProductVersions: listProductVersions(dependencies),

  createPolicyVersion: createPolicyVersion(dependencies),
  validatePolicyVersion: validatePolicyVersion(dependencies),
  approvePolicyVersion: approvePolicyVersion(dependencies),
  activatePolicyVersion: activatePolicyVersion(dependencies),
  getPolicyVersion: getPolicyVersion(dependencies),
  listPolicyVersions: listPolicyVersions(dependencies),
  getEffectivePolicy: getEffectivePolicy(dependencies),

  checkEligibility: checkEligibility(dependencies),
  createApplication: createApplication(dependencies),
  submitApplication: submitApplication(dependencies),
  withdrawApplication: withdrawApplication(dependencies),
  getApplication: getApplication(dependencies),
  listApplications: listApplications(dependencies),
  watchApplication: watchApplication(dependencies),
  requestManualReview: requestManualReview(dependencies),
  getDecision: getDecision(dependencies),
  listDecisions: listDecisions(dependencies),
  replayDecision: replayDecision(dependencies),
  getOffer: getOffer(dependencies),
  listOffers: listOffers(dependencies),

  leaseTasks: leaseTasks(dependencies),
  acknowledgeTask: acknowledgeTask(dependencies),
  extendTaskLease: extendTaskLease(dependencies),
  completeTask: completeTask(dependencies),
  getTask: getTask(dependencies),
  listTasks: listTasks(dependencies),
  submitOffer: submitOffer(dependencies),
  declineApplication: declineApplication(dependencies),
});

export type UseCases = ReturnType<typeof useCasesOf>;
