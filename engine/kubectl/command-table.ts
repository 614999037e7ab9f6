// Made from `kubectl options` and `kubectl COMMAND --help` of kubectl v1.36: names, types and defaults of the flags, usage lines, aliases.

/** A command of kubectl as its register knows it: see flag-set.ts for how `flags` is read. */
export interface CommandEntry {
  readonly path: string;
  readonly short: string;
  readonly usage: string;
  readonly aliases: string;
  readonly flags: string;
}

/** Flags that many commands share, by the word that stands for them. */
export const FLAG_GROUPS: Readonly<Record<string, string>> = {
  "@print": "allow-missing-template-keys=true o,output:string show-managed-fields template:string",
  "@file": "f,filename:list k,kustomize:string R,recursive",
};

export const GLOBAL_FLAGS: string =
  "as:string as-group:array as-uid:string as-user-extra:array cache-dir:string certificate-authority:string client-certificate:string client-key:string cluster:string context:string disable-compression insecure-skip-tls-verify kubeconfig:string kuberc:string log-flush-frequency:duration=5s match-server-version n,namespace:string password:string profile:string=none profile-output:string=profile.pprof request-timeout:string=0 s,server:string tls-server-name:string token:string user:string username:string v,v:int vmodule:string warnings-as-errors";

export const COMMANDS: readonly CommandEntry[] = [
  {
    path: "create",
    short: "Create a resource from a file or from stdin",
    usage: "-f FILENAME",
    aliases: "",
    flags:
      "@print @file dry-run:string=none?unchanged edit field-manager:string=kubectl-create raw:string save-config l,selector:string validate:string=strict?strict windows-line-endings",
  },
  {
    path: "create clusterrole",
    short: "Create a cluster role",
    usage: "NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print aggregation-rule:map dry-run:string=none?unchanged field-manager:string=kubectl-create non-resource-url:list resource:list resource-name:array save-config validate:string=strict?strict verb:list",
  },
  {
    path: "create clusterrolebinding",
    short: "Create a cluster role binding for a particular cluster role",
    usage:
      "NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print clusterrole:string dry-run:string=none?unchanged field-manager:string=kubectl-create group:array save-config serviceaccount:array user:array validate:string=strict?strict",
  },
  {
    path: "create configmap",
    short: "Create a config map from a local file, directory or literal value",
    usage: "NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    aliases: "cm",
    flags:
      "@print append-hash dry-run:string=none?unchanged field-manager:string=kubectl-create from-env-file:list from-file:list from-literal:array save-config validate:string=strict?strict",
  },
  {
    path: "create cronjob",
    short: "Create a cron job with the specified name",
    usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
    aliases: "cj",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create image:string restart:string save-config schedule:string validate:string=strict?strict",
  },
  {
    path: "create deployment",
    short: "Create a deployment with the specified name",
    usage: "NAME --image=image -- [COMMAND] [args...]",
    aliases: "deploy",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create image:list port:int=-1 r,replicas:int=1 save-config validate:string=strict?strict",
  },
  {
    path: "create ingress",
    short: "Create an ingress with the specified name",
    usage: "NAME --rule=host/path=service:port[,tls[=secret]] ",
    aliases: "ing",
    flags:
      "@print annotation:array class:string default-backend:string dry-run:string=none?unchanged field-manager:string=kubectl-create rule:array save-config validate:string=strict?strict",
  },
  {
    path: "create job",
    short: "Create a job with the specified name",
    usage: "NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
    aliases: "",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create from:string image:string save-config validate:string=strict?strict",
  },
  {
    path: "create namespace",
    short: "Create a namespace with the specified name",
    usage: "NAME [--dry-run=server|client|none]",
    aliases: "ns",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create save-config validate:string=strict?strict",
  },
  {
    path: "create poddisruptionbudget",
    short: "Create a pod disruption budget with the specified name",
    usage: "NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
    aliases: "pdb",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create max-unavailable:string min-available:string save-config selector:string validate:string=strict?strict",
  },
  {
    path: "create priorityclass",
    short: "Create a priority class with the specified name",
    usage: "NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
    aliases: "pc",
    flags:
      "@print description:string dry-run:string=none?unchanged field-manager:string=kubectl-create global-default preemption-policy:string=PreemptLowerPriority save-config validate:string=strict?strict value:int",
  },
  {
    path: "create quota",
    short: "Create a quota with the specified name",
    usage: "NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
    aliases: "resourcequota",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create hard:string save-config scopes:string validate:string=strict?strict",
  },
  {
    path: "create role",
    short: "Create a role with single rule",
    usage:
      "NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create resource:list resource-name:array save-config validate:string=strict?strict verb:list",
  },
  {
    path: "create rolebinding",
    short: "Create a role binding for a particular role or cluster role",
    usage:
      "NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print clusterrole:string dry-run:string=none?unchanged field-manager:string=kubectl-create group:array role:string save-config serviceaccount:array user:array validate:string=strict?strict",
  },
  {
    path: "create secret",
    short: "Create a secret using a specified subcommand",
    usage: "(docker-registry | generic | tls)",
    aliases: "",
    flags: "",
  },
  {
    path: "create secret docker-registry",
    short: "Create a secret for use with a Docker registry",
    usage:
      "NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print append-hash docker-email:string docker-password:string docker-server:string=https://index.docker.io/v1/ docker-username:string dry-run:string=none?unchanged field-manager:string=kubectl-create from-file:list save-config validate:string=strict?strict",
  },
  {
    path: "create secret generic",
    short: "Create a secret from a local file, directory, or literal value",
    usage:
      "NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print append-hash dry-run:string=none?unchanged field-manager:string=kubectl-create from-env-file:list from-file:list from-literal:array save-config type:string validate:string=strict?strict",
  },
  {
    path: "create secret tls",
    short: "Create a TLS secret",
    usage: "NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print append-hash cert:string dry-run:string=none?unchanged field-manager:string=kubectl-create key:string save-config validate:string=strict?strict",
  },
  {
    path: "create service",
    short: "Create a service using a specified subcommand",
    usage: "[flags]",
    aliases: "svc",
    flags: "",
  },
  {
    path: "create service clusterip",
    short: "Create a ClusterIP service",
    usage: "NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print clusterip:string dry-run:string=none?unchanged field-manager:string=kubectl-create save-config tcp:list validate:string=strict?strict",
  },
  {
    path: "create service externalname",
    short: "Create an ExternalName service",
    usage: "NAME --external-name external.name [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print dry-run:string=none?unchanged external-name:string field-manager:string=kubectl-create save-config tcp:list validate:string=strict?strict",
  },
  {
    path: "create service loadbalancer",
    short: "Create a LoadBalancer service",
    usage: "NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create save-config tcp:list validate:string=strict?strict",
  },
  {
    path: "create service nodeport",
    short: "Create a NodePort service",
    usage: "NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create node-port:int save-config tcp:list validate:string=strict?strict",
  },
  {
    path: "create serviceaccount",
    short: "Create a service account with the specified name",
    usage: "NAME [--dry-run=server|client|none]",
    aliases: "sa",
    flags:
      "@print dry-run:string=none?unchanged field-manager:string=kubectl-create save-config validate:string=strict?strict",
  },
  {
    path: "create token",
    short: "Request a service account token",
    usage: "SERVICE_ACCOUNT_NAME",
    aliases: "",
    flags:
      "@print audience:array bound-object-kind:string bound-object-name:string bound-object-uid:string duration:duration",
  },
  {
    path: "expose",
    short: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
    usage:
      "(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
    aliases: "",
    flags:
      "@print @file cluster-ip:string dry-run:string=none?unchanged external-ip:string field-manager:string=kubectl-expose l,labels:string load-balancer-ip:string name:string override-type:string=merge overrides:string port:string protocol:string save-config selector:string session-affinity:string target-port:string type:string",
  },
  {
    path: "run",
    short: "Run a particular image on the cluster",
    usage:
      'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
    aliases: "",
    flags:
      "@print @file annotations:array attach cascade:string=background?background command detach-keys:string=ctrl-p,ctrl-q dry-run:string=none?unchanged env:array expose field-manager:string=kubectl-run force grace-period:int=-1 image:string image-pull-policy:string l,labels:string leave-stdin-open override-type:string=merge overrides:string pod-running-timeout:duration=1m0s port:string privileged q,quiet restart:string=Always rm save-config i,stdin timeout:duration t,tty wait",
  },
  { path: "set", short: "Set specific features on objects", usage: "SUBCOMMAND", aliases: "", flags: "" },
  {
    path: "set env",
    short: "Update environment variables on a pod template",
    usage: "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    aliases: "",
    flags:
      "@print @file all c,containers:string=* dry-run:string=none?unchanged e,env:array field-manager:string=kubectl-set from:string keys:list list local overwrite=true prefix:string resolve l,selector:string",
  },
  {
    path: "set image",
    short: "Update the image of a pod template",
    usage: "(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
    aliases: "",
    flags: "@print @file all dry-run:string=none?unchanged field-manager:string=kubectl-set local l,selector:string",
  },
  {
    path: "set resources",
    short: "Update resource requests/limits on objects with pod templates",
    usage: "(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
    aliases: "",
    flags:
      "@print @file all c,containers:string=* dry-run:string=none?unchanged field-manager:string=kubectl-set limits:string local requests:string l,selector:string",
  },
  {
    path: "set selector",
    short: "Set the selector on a resource",
    usage: "(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    aliases: "",
    flags:
      "@print all dry-run:string=none?unchanged field-manager:string=kubectl-set f,filename:list local R,recursive=true resource-version:string",
  },
  {
    path: "set serviceaccount",
    short: "Update the service account of a resource",
    usage: "(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    aliases: "sa",
    flags: "@print @file all dry-run:string=none?unchanged field-manager:string=kubectl-set local",
  },
  {
    path: "set subject",
    short: "Update the user, group, or service account in a role binding or cluster role binding",
    usage:
      "(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    aliases: "",
    flags:
      "@print @file all dry-run:string=none?unchanged field-manager:string=kubectl-set group:array local l,selector:string serviceaccount:array user:array",
  },
  {
    path: "explain",
    short: "Get documentation for a resource",
    usage:
      "TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
    aliases: "",
    flags: "api-version:string o,output:string=plaintext R,recursive",
  },
  {
    path: "get",
    short: "Display one or many resources",
    usage:
      "[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
    aliases: "",
    flags:
      "@print @file A,all-namespaces chunk-size:int=500 field-selector:string ignore-not-found L,label-columns:list no-headers output-watch-events raw:string l,selector:string server-print=true show-kind show-labels sort-by:string subresource:string w,watch watch-only",
  },
  {
    path: "edit",
    short: "Edit a resource on the server",
    usage: "(RESOURCE/NAME | -f FILENAME)",
    aliases: "",
    flags:
      "@print @file field-manager:string=kubectl-edit output-patch save-config subresource:string validate:string=strict?strict windows-line-endings",
  },
  {
    path: "delete",
    short: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
    usage: "([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    aliases: "",
    flags:
      "@file all A,all-namespaces cascade:string=background?background dry-run:string=none?unchanged field-selector:string force grace-period:int=-1 ignore-not-found i,interactive now o,output:string raw:string l,selector:string timeout:duration wait=true",
  },
  { path: "rollout", short: "Manage the rollout of a resource", usage: "SUBCOMMAND", aliases: "", flags: "" },
  {
    path: "rollout history",
    short: "View rollout history",
    usage: "(TYPE NAME | TYPE/NAME) [flags]",
    aliases: "",
    flags: "@print @file revision:int l,selector:string",
  },
  {
    path: "rollout pause",
    short: "Mark the provided resource as paused",
    usage: "RESOURCE",
    aliases: "",
    flags: "@print @file field-manager:string=kubectl-rollout l,selector:string",
  },
  {
    path: "rollout restart",
    short: "Restart a resource",
    usage: "RESOURCE",
    aliases: "",
    flags: "@print @file field-manager:string=kubectl-rollout l,selector:string",
  },
  {
    path: "rollout resume",
    short: "Resume a paused resource",
    usage: "RESOURCE",
    aliases: "",
    flags: "@print @file field-manager:string=kubectl-rollout l,selector:string",
  },
  {
    path: "rollout status",
    short: "Show the status of the rollout",
    usage: "(TYPE NAME | TYPE/NAME) [flags]",
    aliases: "",
    flags: "@file revision:int l,selector:string timeout:duration w,watch=true",
  },
  {
    path: "rollout undo",
    short: "Undo a previous rollout",
    usage: "(TYPE NAME | TYPE/NAME) [flags]",
    aliases: "",
    flags: "@print @file dry-run:string=none?unchanged l,selector:string to-revision:int",
  },
  {
    path: "scale",
    short: "Set a new size for a deployment, replica set, or replication controller",
    usage: "[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)",
    aliases: "",
    flags:
      "@print @file all current-replicas:int=-1 dry-run:string=none?unchanged replicas:int resource-version:string l,selector:string timeout:duration",
  },
  {
    path: "autoscale",
    short: "Auto-scale a deployment, replica set, stateful set, or replication controller",
    usage: "(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
    aliases: "",
    flags:
      "@print @file cpu:string dry-run:string=none?unchanged field-manager:string=kubectl-autoscale max:int=-1 memory:string min:int=-1 name:string save-config",
  },
  { path: "certificate", short: "Modify certificate resources", usage: "SUBCOMMAND", aliases: "", flags: "" },
  {
    path: "certificate approve",
    short: "Approve a certificate signing request",
    usage: "(-f FILENAME | NAME)",
    aliases: "",
    flags: "@print @file force",
  },
  {
    path: "certificate deny",
    short: "Deny a certificate signing request",
    usage: "(-f FILENAME | NAME)",
    aliases: "",
    flags: "@print @file force",
  },
  { path: "cluster-info", short: "Display cluster information", usage: "[flags]", aliases: "", flags: "" },
  {
    path: "cluster-info dump",
    short: "Dump relevant information for debugging and diagnosis",
    usage: "[flags]",
    aliases: "",
    flags:
      "A,all-namespaces allow-missing-template-keys=true namespaces:list o,output:string=json output-directory:string pod-running-timeout:duration=20s show-managed-fields template:string",
  },
  { path: "top", short: "Display resource (CPU/memory) usage", usage: "[flags]", aliases: "", flags: "" },
  {
    path: "top node",
    short: "Display resource (CPU/memory) usage of nodes",
    usage: "[NAME | -l label]",
    aliases: "nodes no",
    flags: "no-headers l,selector:string show-capacity show-swap sort-by:string use-protocol-buffers=true",
  },
  {
    path: "top pod",
    short: "Display resource (CPU/memory) usage of pods",
    usage: "[NAME | -l label]",
    aliases: "pods po",
    flags:
      "A,all-namespaces containers field-selector:string no-headers l,selector:string show-swap sort-by:string sum use-protocol-buffers=true",
  },
  {
    path: "cordon",
    short: "Mark node as unschedulable",
    usage: "NODE",
    aliases: "",
    flags: "dry-run:string=none?unchanged l,selector:string",
  },
  {
    path: "uncordon",
    short: "Mark node as schedulable",
    usage: "NODE",
    aliases: "",
    flags: "dry-run:string=none?unchanged l,selector:string",
  },
  {
    path: "drain",
    short: "Drain node in preparation for maintenance",
    usage: "NODE",
    aliases: "",
    flags:
      "chunk-size:int=500 delete-emptydir-data disable-eviction dry-run:string=none?unchanged force grace-period:int=-1 ignore-daemonsets pod-selector:string l,selector:string skip-wait-for-delete-timeout:int timeout:duration",
  },
  {
    path: "taint",
    short: "Update the taints on one or more nodes",
    usage: "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    aliases: "",
    flags:
      "@print all dry-run:string=none?unchanged field-manager:string=kubectl-taint overwrite l,selector:string validate:string=strict?strict",
  },
  {
    path: "describe",
    short: "Show details of a specific resource or group of resources",
    usage: "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    aliases: "",
    flags: "@file A,all-namespaces chunk-size:int=500 l,selector:string show-events=true",
  },
  {
    path: "logs",
    short: "Print the logs for a container in a pod",
    usage: "[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
    aliases: "",
    flags:
      "all-containers all-pods c,container:string f,follow ignore-errors insecure-skip-tls-verify-backend limit-bytes:int max-log-requests:int=5 pod-running-timeout:duration=20s prefix p,previous l,selector:string since:duration since-time:string tail:int=-1 timestamps",
  },
  {
    path: "attach",
    short: "Attach to a running container",
    usage: "(POD | TYPE/NAME) -c CONTAINER",
    aliases: "",
    flags:
      "c,container:string detach-keys:string=ctrl-p,ctrl-q pod-running-timeout:duration=1m0s q,quiet i,stdin t,tty",
  },
  {
    path: "exec",
    short: "Execute a command in a container",
    usage: "(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
    aliases: "",
    flags: "c,container:string f,filename:list pod-running-timeout:duration=1m0s q,quiet i,stdin t,tty",
  },
  {
    path: "port-forward",
    short: "Forward one or more local ports to a pod",
    usage: "TYPE/NAME [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
    aliases: "",
    flags: "address:list=localhost pod-running-timeout:duration=1m0s",
  },
  {
    path: "proxy",
    short: "Run a proxy to the Kubernetes API server",
    usage: "[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]",
    aliases: "",
    flags:
      "accept-hosts:string=^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$ accept-paths:string=^.* address:string=127.0.0.1 api-prefix:string=/ append-server-path disable-filter keepalive:duration p,port:int=8001 reject-methods:string=^$ reject-paths:string=^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach u,unix-socket:string w,www:string P,www-prefix:string=/static/",
  },
  {
    path: "cp",
    short: "Copy files and directories to and from containers",
    usage: "<file-spec-src> <file-spec-dest>",
    aliases: "",
    flags: "c,container:string no-preserve retries:int",
  },
  { path: "auth", short: "Inspect authorization", usage: "[flags]", aliases: "", flags: "" },
  {
    path: "auth can-i",
    short: "Check whether an action is allowed",
    usage: "VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    aliases: "",
    flags: "A,all-namespaces list no-headers q,quiet subresource:string",
  },
  {
    path: "auth reconcile",
    short: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects",
    usage: "-f FILENAME",
    aliases: "",
    flags: "@print @file dry-run:string=none?unchanged remove-extra-permissions remove-extra-subjects",
  },
  {
    path: "auth whoami",
    short: "Experimental: Check self subject attributes",
    usage: "[options]",
    aliases: "",
    flags: "@print",
  },
  {
    path: "debug",
    short: "Create debugging sessions for troubleshooting workloads and nodes",
    usage: "(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
    aliases: "",
    flags:
      "arguments-only attach c,container:string copy-to:string custom:string env:array f,filename:list image:string image-pull-policy:string keep-annotations keep-init-containers=true keep-labels keep-liveness keep-readiness keep-startup profile:string=general q,quiet replace same-node set-image:list share-processes=true i,stdin target:string t,tty",
  },
  {
    path: "events",
    short: "List events",
    usage:
      "[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    aliases: "",
    flags: "@print A,all-namespaces chunk-size:int=500 for:string no-headers types:list w,watch",
  },
  {
    path: "diff",
    short: "Diff the live version against a would-be applied version",
    usage: "-f FILENAME",
    aliases: "",
    flags:
      "@file concurrency:int=1 field-manager:string=kubectl-client-side-apply force-conflicts prune prune-allowlist:array l,selector:string server-side show-managed-fields show-secrets",
  },
  {
    path: "apply",
    short: "Apply a configuration to a resource by file name or stdin",
    usage: "(-f FILENAME | -k DIRECTORY)",
    aliases: "",
    flags:
      "@print @file all cascade:string=background?background dry-run:string=none?unchanged field-manager:string=kubectl-client-side-apply force force-conflicts grace-period:int=-1 openapi-patch=true overwrite=true prune prune-allowlist:array l,selector:string server-side subresource:string timeout:duration validate:string=strict?strict wait",
  },
  {
    path: "apply edit-last-applied",
    short: "Edit latest last-applied-configuration annotations of a resource/object",
    usage: "(RESOURCE/NAME | -f FILENAME)",
    aliases: "",
    flags:
      "@print @file field-manager:string=kubectl-client-side-apply validate:string=strict?strict windows-line-endings",
  },
  {
    path: "apply set-last-applied",
    short: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
    usage: "-f FILENAME",
    aliases: "",
    flags: "@print create-annotation dry-run:string=none?unchanged f,filename:list",
  },
  {
    path: "apply view-last-applied",
    short: "View the latest last-applied-configuration annotations of a resource/object",
    usage: "(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    aliases: "",
    flags: "@file all o,output:string=yaml l,selector:string",
  },
  {
    path: "patch",
    short: "Update fields of a resource",
    usage: "(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    aliases: "",
    flags:
      "@print @file dry-run:string=none?unchanged field-manager:string=kubectl-patch local p,patch:string patch-file:string subresource:string type:string=strategic",
  },
  {
    path: "replace",
    short: "Replace a resource by file name or stdin",
    usage: "-f FILENAME",
    aliases: "",
    flags:
      "@print @file cascade:string=background?background dry-run:string=none?unchanged field-manager:string=kubectl-replace force grace-period:int=-1 raw:string save-config subresource:string timeout:duration validate:string=strict?strict wait",
  },
  {
    path: "wait",
    short: "Wait for a specific condition on one or many resources",
    usage:
      "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
    aliases: "",
    flags:
      "@print all A,all-namespaces field-selector:string f,filename:list for:array local R,recursive=true l,selector:string timeout:duration=30s",
  },
  {
    path: "kustomize",
    short: "Build a kustomization target from a directory or URL",
    usage: "DIR [flags]",
    aliases: "",
    flags:
      "as-current-user enable-alpha-plugins enable-helm e,env:array helm-api-versions:list helm-command:string=helm helm-debug helm-kube-version:string load-restrictor:string=LoadRestrictionsRootOnly mount:list network network-name:string=bridge o,output:string",
  },
  {
    path: "label",
    short: "Update the labels on a resource",
    usage: "[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    aliases: "",
    flags:
      "@print @file all A,all-namespaces dry-run:string=none?unchanged field-manager:string=kubectl-label field-selector:string list local overwrite resource-version:string l,selector:string",
  },
  {
    path: "annotate",
    short: "Update the annotations on a resource",
    usage: "[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    aliases: "",
    flags:
      "@print @file all A,all-namespaces dry-run:string=none?unchanged field-manager:string=kubectl-annotate field-selector:string list local overwrite resource-version:string l,selector:string",
  },
  {
    path: "completion",
    short: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
    usage: "SHELL",
    aliases: "",
    flags: "",
  },
  {
    path: "api-resources",
    short: "Print the supported API resources on the server",
    usage: "[flags]",
    aliases: "",
    flags:
      "api-group:string cached categories:list namespaced=true no-headers o,output:string show-managed-fields sort-by:string verbs:list",
  },
  {
    path: "api-versions",
    short: 'Print the supported API versions on the server, in the form of "group/version"',
    usage: "[options]",
    aliases: "",
    flags: "",
  },
  { path: "config", short: "Modify kubeconfig files", usage: "SUBCOMMAND", aliases: "", flags: "" },
  { path: "config current-context", short: "Display the current-context", usage: "[flags]", aliases: "", flags: "" },
  {
    path: "config delete-cluster",
    short: "Delete the specified cluster from the kubeconfig",
    usage: "NAME",
    aliases: "",
    flags: "",
  },
  {
    path: "config delete-context",
    short: "Delete the specified context from the kubeconfig",
    usage: "NAME",
    aliases: "",
    flags: "",
  },
  {
    path: "config delete-user",
    short: "Delete the specified user from the kubeconfig",
    usage: "NAME",
    aliases: "",
    flags: "",
  },
  {
    path: "config get-clusters",
    short: "Display clusters defined in the kubeconfig",
    usage: "[flags]",
    aliases: "",
    flags: "",
  },
  {
    path: "config get-contexts",
    short: "Describe one or many contexts",
    usage: "[(-o|--output=)name)]",
    aliases: "",
    flags: "no-headers o,output:string",
  },
  {
    path: "config get-users",
    short: "Display users defined in the kubeconfig",
    usage: "[flags]",
    aliases: "",
    flags: "",
  },
  {
    path: "config rename-context",
    short: "Rename a context from the kubeconfig file",
    usage: "CONTEXT_NAME NEW_NAME",
    aliases: "",
    flags: "",
  },
  {
    path: "config set",
    short: "Set an individual value in a kubeconfig file",
    usage: "PROPERTY_NAME PROPERTY_VALUE",
    aliases: "",
    flags: "set-raw-bytes",
  },
  {
    path: "config set-cluster",
    short: "Set a cluster entry in kubeconfig",
    usage:
      "NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
    aliases: "",
    flags:
      "certificate-authority:string embed-certs insecure-skip-tls-verify proxy-url:string server:string tls-server-name:string",
  },
  {
    path: "config set-context",
    short: "Set a context entry in kubeconfig",
    usage: "[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
    aliases: "",
    flags: "cluster:string current n,namespace:string user:string",
  },
  {
    path: "config set-credentials",
    short: "Set a user entry in kubeconfig",
    usage:
      "NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]",
    aliases: "",
    flags:
      "auth-provider:string auth-provider-arg:list client-certificate:string client-key:string embed-certs exec-api-version:string exec-arg:list exec-command:string exec-env:list exec-interactive-mode:string exec-provide-cluster-info password:string token:string username:string",
  },
  {
    path: "config unset",
    short: "Unset an individual value in a kubeconfig file",
    usage: "PROPERTY_NAME",
    aliases: "",
    flags: "",
  },
  {
    path: "config use-context",
    short: "Set the current-context in a kubeconfig file",
    usage: "CONTEXT_NAME",
    aliases: "use",
    flags: "",
  },
  {
    path: "config view",
    short: "Display merged kubeconfig settings or a specified kubeconfig file",
    usage: "[flags]",
    aliases: "",
    flags:
      "allow-missing-template-keys=true flatten merge=true minify o,output:string=yaml raw show-managed-fields template:string",
  },
  { path: "kuberc", short: "Manage kuberc configuration files", usage: "SUBCOMMAND", aliases: "", flags: "" },
  {
    path: "kuberc set",
    short: "Set values in the kuberc configuration",
    usage: "--section (defaults|aliases) --command COMMAND",
    aliases: "",
    flags:
      "allowlist-entry:array appendarg:array command:string kuberc:string name:string option:array overwrite policy:string prependarg:array section:string",
  },
  {
    path: "kuberc view",
    short: "Display the current kuberc configuration",
    usage: "[options]",
    aliases: "",
    flags: "allow-missing-template-keys=true kuberc:string o,output:string=yaml show-managed-fields template:string",
  },
  {
    path: "plugin",
    short: "Provides utilities for interacting with plugins",
    usage: "[flags]",
    aliases: "",
    flags: "",
  },
  {
    path: "plugin list",
    short: "List all visible plugin executables on a user's PATH",
    usage: "[flags]",
    aliases: "",
    flags: "name-only",
  },
  {
    path: "version",
    short: "Print the client and server version information",
    usage: "[flags]",
    aliases: "",
    flags: "client o,output:string",
  },
];
