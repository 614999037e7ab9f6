// After kubernetes v1.36 pkg/apis/core/types.go and its siblings: the fields of the server's own types in their order, as error messages print them.

/**
 * One line per type: `Name:kind` in Go's order. Kinds: s string, i integer, b boolean, p pointer to one of these, l list of these, m map,
 * x IntOrString, q quantity, j a value of the meta group that prints as its own JSON; `T` a record, `*T` a pointer to one, `[]T` a list
 * of them, `+T` an embedded one. `Name=key:kind` where the JSON key is not the Go name in lower case.
 */
export const goTypes = `
PodTemplateSpec +ObjectMeta Spec:PodSpec
ObjectMeta labels=labels:o annotations=annotations:o
PodSpec Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer RestartPolicy:s TerminationGracePeriodSeconds:p ActiveDeadlineSeconds:p DNSPolicy:s NodeSelector:m ServiceAccountName:s AutomountServiceAccountToken:p NodeName:s SecurityContext:PodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname:s Subdomain:s SetHostnameAsFQDN:p Affinity:*Affinity SchedulerName:s Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName:s Priority:p PreemptionPolicy:p DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName:p Overhead:m EnableServiceLinks:p TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride:p SchedulingGroup:*PodSchedulingGroup
PodSecurityContext HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace:p HostUsers:p SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:p RunAsGroup:p RunAsNonRoot:p SupplementalGroups:l SupplementalGroupsPolicy:p FSGroup:p FSGroupChangePolicy:p Sysctls:[]Sysctl SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile SELinuxChangePolicy:p
Container Name:s Image:s Command:l Args:l WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:p RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b
EphemeralContainer +Container TargetContainerName:s
ContainerPort Name:s HostPort:i ContainerPort:i Protocol:s HostIP:s
EnvFromSource Prefix:s ConfigMapRef:*OptionalName SecretRef:*OptionalName
OptionalName Name:s Optional:p
EnvVar Name:s Value:s ValueFrom:*EnvVarSource
EnvVarSource FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*KeySelector SecretKeyRef:*KeySelector FileKeyRef:*FileKeySelector
ObjectFieldSelector APIVersion:s FieldPath:s
ResourceFieldSelector ContainerName:s Resource:s Divisor:q
KeySelector Name:s Key:s Optional:p
FileKeySelector VolumeName:s Path:s Key:s Optional:p
ResourceRequirements Limits:m Requests:m Claims:[]ContainerResourceClaim
ContainerResourceClaim Name:s Request:s
VolumeResourceRequirements Limits:m Requests:m
ContainerResizePolicy ResourceName:s RestartPolicy:s
ContainerRestartRule Action:s ExitCodes:*ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes Operator:s Values:l
VolumeMount Name:s ReadOnly:b RecursiveReadOnly:p MountPath:s SubPath:s MountPropagation:p SubPathExpr:s
VolumeDevice Name:s DevicePath:s
Probe Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction GRPC:*GRPCAction InitialDelaySeconds:i TimeoutSeconds:i PeriodSeconds:i SuccessThreshold:i FailureThreshold:i TerminationGracePeriodSeconds:p
ExecAction Command:l
HTTPGetAction Path:s Port:x Host:s Scheme:s HTTPHeaders:[]HTTPHeader
HTTPHeader Name:s Value:s
TCPSocketAction Port:x Host:s
GRPCAction Port:i Service:p
SleepAction Seconds:i
Lifecycle PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:p
LifecycleHandler Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction Sleep:*SleepAction
SecurityContext Capabilities:*Capabilities Privileged:p SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:p RunAsGroup:p RunAsNonRoot:p ReadOnlyRootFilesystem:p AllowPrivilegeEscalation:p ProcMount:p SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile
Capabilities Add:l Drop:l
SELinuxOptions User:s Role:s Type:s Level:s
WindowsSecurityContextOptions GMSACredentialSpecName:p GMSACredentialSpec:p RunAsUserName:p HostProcess:p
SeccompProfile Type:s LocalhostProfile:p
AppArmorProfile Type:s LocalhostProfile:p
Sysctl Name:s Value:s
LocalObjectReference Name:s
Affinity NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity
NodeAffinity RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
NodeSelector NodeSelectorTerms:[]NodeSelectorTerm
NodeSelectorTerm MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement
NodeSelectorRequirement Key:s Operator:s Values:l
PreferredSchedulingTerm Weight:i Preference:NodeSelectorTerm
PodAffinity RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
PodAffinityTerm LabelSelector:j Namespaces:l TopologyKey:s NamespaceSelector:j MatchLabelKeys:l MismatchLabelKeys:l
WeightedPodAffinityTerm Weight:i PodAffinityTerm:PodAffinityTerm
Toleration Key:s Operator:s Value:s Effect:s TolerationSeconds:p
HostAlias IP:s Hostnames:l
PodDNSConfig Nameservers:l Searches:l Options:[]PodDNSConfigOption
PodDNSConfigOption Name:s Value:p
PodReadinessGate ConditionType:s
TopologySpreadConstraint MaxSkew:i TopologyKey:s WhenUnsatisfiable:s LabelSelector:j MinDomains:p NodeAffinityPolicy:p NodeTaintsPolicy:p MatchLabelKeys:l
PodOS Name:s
PodSchedulingGate Name:s
PodSchedulingGroup PodGroupName:p
PodResourceClaim Name:s ResourceClaimName:p ResourceClaimTemplateName:p
Volume Name:s HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:j AWSElasticBlockStore:j GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource ISCSI=iscsi:j Glusterfs:j PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:j Quobyte:j FlexVolume:j Cinder:j CephFS=cephfs:j Flocker:j DownwardAPI:*DownwardAPIVolumeSource FC:j AzureFile:j ConfigMap:*ConfigMapVolumeSource VsphereVolume:j AzureDisk:j PhotonPersistentDisk:j Projected:*ProjectedVolumeSource PortworxVolume:j ScaleIO:j StorageOS=storageos:j CSI:*CSIVolumeSource Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource
HostPathVolumeSource Path:s Type:p
EmptyDirVolumeSource Medium:s SizeLimit:p
GitRepoVolumeSource Repository:s Revision:s Directory:s
SecretVolumeSource SecretName:s Items:[]KeyToPath DefaultMode:p Optional:p
ConfigMapVolumeSource Name:s Items:[]KeyToPath DefaultMode:p Optional:p
NFSVolumeSource Server:s Path:s ReadOnly:b
PersistentVolumeClaimVolumeSource ClaimName:s ReadOnly:b
DownwardAPIVolumeSource Items:[]DownwardAPIVolumeFile DefaultMode:p
DownwardAPIVolumeFile Path:s FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode:p
ProjectedVolumeSource Sources:[]VolumeProjection DefaultMode:p
VolumeProjection Secret:*NamedItems DownwardAPI:*DownwardAPIProjection ConfigMap:*NamedItems ServiceAccountToken:*ServiceAccountTokenProjection ClusterTrustBundle:*ClusterTrustBundleProjection PodCertificate:j
NamedItems Name:s Items:[]KeyToPath Optional:p
DownwardAPIProjection Items:[]DownwardAPIVolumeFile
ServiceAccountTokenProjection Audience:s ExpirationSeconds:i Path:s
ClusterTrustBundleProjection Name:p SignerName:p LabelSelector:j Optional:p Path:s
KeyToPath Key:s Path:s Mode:p
CSIVolumeSource Driver:s ReadOnly:p FSType:p VolumeAttributes:m NodePublishSecretRef:*LocalObjectReference
EphemeralVolumeSource VolumeClaimTemplate:*PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate +ObjectMeta Spec:PersistentVolumeClaimSpec
ImageVolumeSource Reference:s PullPolicy:s
PersistentVolumeClaimSpec AccessModes:l Selector:j Resources:VolumeResourceRequirements VolumeName:s StorageClassName:p VolumeMode:p DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference VolumeAttributesClassName:p
TypedLocalObjectReference APIGroup:p Kind:s Name:s
TypedObjectReference APIGroup:p Kind:s Name:s Namespace:p
VolumeNodeAffinity Required:*NodeSelector
ServicePort Name:s Protocol:s AppProtocol:p Port:i TargetPort:x NodePort:i
DeploymentStrategy Type:s RollingUpdate:*RollingUpdateDeployment
RollingUpdateDeployment MaxUnavailable:x MaxSurge:x
StatefulSetUpdateStrategy Type:s RollingUpdate:*RollingUpdateStatefulSetStrategy
RollingUpdateStatefulSetStrategy Partition:i MaxUnavailable:p
DaemonSetUpdateStrategy Type:s RollingUpdate:*RollingUpdateDeployment
Taint Key:s Value:s Effect:s TimeAdded:p
NodeAddress Type:s Address:s
PodIP IP:s
PodDisruptionBudgetSpec MinAvailable:p Selector:j MaxUnavailable:p UnhealthyPodEvictionPolicy:p
PodFailurePolicy Rules:[]PodFailurePolicyRule
PodFailurePolicyRule Action:s OnExitCodes:*PodFailurePolicyOnExitCodesRequirement OnPodConditions:[]PodFailurePolicyOnPodConditionsPattern
PodFailurePolicyOnExitCodesRequirement ContainerName:p Operator:s Values:l
PodFailurePolicyOnPodConditionsPattern Type:s Status:s
SuccessPolicy Rules:[]SuccessPolicyRule
SuccessPolicyRule SucceededIndexes:p SucceededCount:p
RoleRef APIGroup:s Kind:s Name:s
ScopeSelector MatchExpressions:[]ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement ScopeName:s Operator:s Values:l
VolumeAttachmentSpec Attacher:s Source:VolumeAttachmentSource NodeName:s
VolumeAttachmentSource PersistentVolumeName:p InlineVolumeSpec:j
`;
