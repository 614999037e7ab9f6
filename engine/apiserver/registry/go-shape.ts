// After kubernetes v1.36 staging/src/k8s.io/api/*/types.go, apimachinery/pkg/apis/meta/v1/types.go: what the OpenAPI document does not tell of a Go field.

/**
 * Plain numbers and booleans that Go leaves out when they are zero (`omitempty` without a pointer). All other numbers and booleans
 * without a default are pointers, so that a zero which was said stays.
 */
const plainScalars = `
ValidatingAdmissionPolicyStatus.observedGeneration DaemonSetSpec.minReadySeconds DaemonSetStatus.numberAvailable
DaemonSetStatus.numberUnavailable DaemonSetStatus.observedGeneration DaemonSetStatus.updatedNumberScheduled DeploymentSpec.minReadySeconds
DeploymentStatus.availableReplicas DeploymentStatus.observedGeneration DeploymentStatus.readyReplicas DeploymentStatus.replicas
DeploymentStatus.unavailableReplicas DeploymentStatus.updatedReplicas ReplicaSetSpec.minReadySeconds ReplicaSetStatus.availableReplicas
ReplicaSetStatus.fullyLabeledReplicas ReplicaSetStatus.observedGeneration ReplicaSetStatus.readyReplicas StatefulSetSpec.minReadySeconds
StatefulSetStatus.currentReplicas StatefulSetStatus.observedGeneration StatefulSetStatus.readyReplicas StatefulSetStatus.updatedReplicas
HorizontalPodAutoscalerStatus.currentReplicas JobStatus.active JobStatus.failed JobStatus.succeeded AWSElasticBlockStoreVolumeSource.partition
ContainerImage.sizeBytes ContainerPort.hostPort ContainerStateTerminated.signal Event.count EventSeries.count
GCEPersistentDiskVolumeSource.partition PodCondition.observedGeneration PodStatus.observedGeneration Probe.failureThreshold
Probe.initialDelaySeconds Probe.periodSeconds Probe.successThreshold Probe.timeoutSeconds ReplicationControllerSpec.minReadySeconds
ReplicationControllerStatus.availableReplicas ReplicationControllerStatus.fullyLabeledReplicas ReplicationControllerStatus.observedGeneration
ReplicationControllerStatus.readyReplicas ServicePort.nodePort ServiceSpec.healthCheckNodePort EventsEvent.deprecatedCount
ServiceBackendPort.number PodDisruptionBudgetStatus.observedGeneration DeviceSubRequest.count ExactDeviceRequest.count
CustomResourceColumnDefinition.priority CustomResourceDefinitionCondition.observedGeneration CustomResourceDefinitionStatus.observedGeneration
Condition.observedGeneration ObjectMeta.generation Status.code StatusDetails.retryAfterSeconds
DeploymentSpec.paused TokenReviewStatus.authenticated SubjectAccessReviewStatus.denied AWSElasticBlockStoreVolumeSource.readOnly
AzureFilePersistentVolumeSource.readOnly AzureFileVolumeSource.readOnly CSIPersistentVolumeSource.readOnly CephFSPersistentVolumeSource.readOnly
CephFSVolumeSource.readOnly CinderPersistentVolumeSource.readOnly CinderVolumeSource.readOnly Container.stdin Container.stdinOnce Container.tty
EphemeralContainer.stdin EphemeralContainer.stdinOnce EphemeralContainer.tty FCVolumeSource.readOnly FlexPersistentVolumeSource.readOnly
FlexVolumeSource.readOnly GCEPersistentDiskVolumeSource.readOnly GlusterfsPersistentVolumeSource.readOnly GlusterfsVolumeSource.readOnly
ISCSIPersistentVolumeSource.chapAuthDiscovery ISCSIPersistentVolumeSource.chapAuthSession ISCSIPersistentVolumeSource.readOnly
ISCSIVolumeSource.chapAuthDiscovery ISCSIVolumeSource.chapAuthSession ISCSIVolumeSource.readOnly NFSVolumeSource.readOnly
NodeSpec.unschedulable PersistentVolumeClaimVolumeSource.readOnly PodSpec.hostIPC PodSpec.hostNetwork PodSpec.hostPID
PortworxVolumeSource.readOnly QuobyteVolumeSource.readOnly RBDPersistentVolumeSource.readOnly RBDVolumeSource.readOnly
ScaleIOPersistentVolumeSource.readOnly ScaleIOPersistentVolumeSource.sslEnabled ScaleIOVolumeSource.readOnly ScaleIOVolumeSource.sslEnabled
ServiceSpec.publishNotReadyAddresses StorageOSPersistentVolumeSource.readOnly StorageOSVolumeSource.readOnly VolumeMount.readOnly
VolumeMountStatus.readOnly ResourcePolicyRule.clusterScope PriorityClass.globalDefault CustomResourceDefinitionSpec.preserveUnknownFields
CustomResourceDefinitionVersion.deprecated APIServiceSpec.insecureSkipTLSVerify`;

/** Strings that are pointers, so that an empty one which was said stays. All other strings are left out when they are empty. */
const pointerStrings = `
LeaseSpec.holderIdentity LeaseSpec.preferredHolder LeaseSpec.strategy PersistentVolumeClaimSpec.storageClassName
PersistentVolumeClaimSpec.volumeAttributesClassName PersistentVolumeClaimSpec.volumeMode PersistentVolumeSpec.volumeMode
PersistentVolumeSpec.volumeAttributesClassName Endpoint.hostname Endpoint.nodeName Endpoint.zone DiscoveryEndpointPort.appProtocol
DiscoveryEndpointPort.name DiscoveryEndpointPort.protocol EndpointAddress.nodeName EndpointPort.appProtocol ServicePort.appProtocol
ServiceSpec.internalTrafficPolicy ServiceSpec.ipFamilyPolicy ServiceSpec.loadBalancerClass ServiceSpec.trafficDistribution
IngressSpec.ingressClassName HTTPIngressPath.pathType PodSpec.runtimeClassName PodSpec.preemptionPolicy PodSpec.hostnameOverride
Container.restartPolicy EphemeralContainer.restartPolicy CronJobSpec.timeZone JobSpec.completionMode JobSpec.managedBy
JobSpec.podReplacementPolicy JobStatus.failedIndexes HostPathVolumeSource.type SeccompProfile.localhostProfile AppArmorProfile.localhostProfile
WindowsSecurityContextOptions.gmsaCredentialSpec WindowsSecurityContextOptions.gmsaCredentialSpecName
WindowsSecurityContextOptions.runAsUserName VolumeMount.mountPropagation VolumeMount.recursiveReadOnly TypedLocalObjectReference.apiGroup
TypedObjectReference.apiGroup TypedObjectReference.namespace PodResourceClaim.resourceClaimName PodResourceClaim.resourceClaimTemplateName
SecurityContext.procMount PodSecurityContext.fsGroupChangePolicy PodSecurityContext.supplementalGroupsPolicy
PodSecurityContext.seLinuxChangePolicy StorageClass.reclaimPolicy StorageClass.volumeBindingMode PodDNSConfigOption.value
NetworkPolicyPort.protocol LoadBalancerIngress.ipMode TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy
HPAScalingRules.selectPolicy IngressClassParametersReference.apiGroup IngressClassParametersReference.namespace
IngressClassParametersReference.scope CSIDriverSpec.fsGroupPolicy PriorityClass.preemptionPolicy AdmissionServiceReference.path
AdmissionWebhookClientConfig.url MutatingWebhook.failurePolicy MutatingWebhook.matchPolicy MutatingWebhook.reinvocationPolicy
MutatingWebhook.sideEffects ValidatingWebhook.failurePolicy ValidatingWebhook.matchPolicy ValidatingWebhook.sideEffects
MatchResources.matchPolicy ValidatingAdmissionPolicySpec.failurePolicy Validation.reason NamedRuleWithOperations.scope RuleWithOperations.scope
ParamRef.parameterNotFoundAction AzureFilePersistentVolumeSource.secretNamespace ISCSIVolumeSource.initiatorName
ISCSIPersistentVolumeSource.initiatorName GlusterfsPersistentVolumeSource.endpointsNamespace ClusterTrustBundleProjection.name
ClusterTrustBundleProjection.signerName DeviceAttribute.string DeviceAttribute.version CustomResourceServiceReference.path
CustomResourceWebhookClientConfig.url CustomResourceDefinitionVersion.deprecationWarning CustomResourceSubresourceScale.labelSelectorPath
ContainerStatus.stopSignal Lifecycle.stopSignal PersistentVolumeClaimStatus.currentVolumeAttributesClassName
CSIPersistentVolumeSource.fsType`;

/** Times that are no pointers: Go prints `null` for the zero time. */
const plainTimes = `
DaemonSetCondition.lastTransitionTime DeploymentCondition.lastTransitionTime DeploymentCondition.lastUpdateTime
ReplicaSetCondition.lastTransitionTime StatefulSetCondition.lastTransitionTime TokenRequestStatus.expirationTimestamp
HorizontalPodAutoscalerCondition.lastTransitionTime JobCondition.lastProbeTime JobCondition.lastTransitionTime
CertificateSigningRequestCondition.lastTransitionTime CertificateSigningRequestCondition.lastUpdateTime ContainerStateRunning.startedAt
ContainerStateTerminated.finishedAt ContainerStateTerminated.startedAt Event.firstTimestamp Event.lastTimestamp Event.eventTime
NamespaceCondition.lastTransitionTime NodeCondition.lastHeartbeatTime NodeCondition.lastTransitionTime
PersistentVolumeClaimCondition.lastProbeTime PersistentVolumeClaimCondition.lastTransitionTime PodCondition.lastProbeTime
PodCondition.lastTransitionTime ReplicationControllerCondition.lastTransitionTime EventsEvent.deprecatedFirstTimestamp
EventsEvent.deprecatedLastTimestamp EventsEvent.eventTime FlowSchemaCondition.lastTransitionTime
PriorityLevelConfigurationCondition.lastTransitionTime VolumeError.time CustomResourceDefinitionCondition.lastTransitionTime
Condition.lastTransitionTime APIServiceCondition.lastTransitionTime EventSeries.lastObservedTime EventsEventSeries.lastObservedTime`;

/** Plain quantities, which print `0` when nothing was said. */
const plainQuantities = "ResourceFieldSelector.divisor";

/** Lists without `omitempty` that the OpenAPI document does not require: `null` when there are none. */
const plainLists =
  "HorizontalPodAutoscalerStatus.currentMetrics CustomResourceDefinitionStatus.conditions CustomResourceDefinitionStatus.storedVersions";

const dropped: ReadonlySet<string> = namesIn(plainScalars);
const kept: ReadonlySet<string> = namesIn(pointerStrings);
const nulls: ReadonlySet<string> = namesIn(`${plainTimes} ${plainLists}`);
const zeroQuantities: ReadonlySet<string> = namesIn(plainQuantities);

/** Whether a zero number or `false` in `Schema.field` is left out. */
export function dropsZero(name: string): boolean {
  return dropped.has(name);
}

/** Whether an empty string in `Schema.field` stays. */
export function keepsEmpty(name: string): boolean {
  return kept.has(name);
}

/** What Go prints for an absent `Schema.field` that is neither a pointer nor in the OpenAPI document's defaults; undefined: nothing. */
export function zeroOf(name: string): null | string | undefined {
  if (nulls.has(name)) return null;
  return zeroQuantities.has(name) ? "0" : undefined;
}

function namesIn(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter((name) => name !== ""));
}
