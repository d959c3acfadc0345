{{/* What templates that lie elsewhere give by their names: those of the library `common` of Bitnami
(https://github.com/bitnami/charts/tree/main/bitnami/common), and `name` and `fullname` as `helm
create` writes them. Only what a repository does not define itself is taken from here. */}}
{{- define "common.names.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "common.names.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- define "common.names.namespace" -}}{{ .Release.Namespace }}{{- end -}}
{{- define "common.images.image" -}}
{{- $registry := .imageRoot.registry -}}
{{- if $registry }}{{ $registry }}/{{ end -}}
{{- .imageRoot.repository -}}
{{- if .imageRoot.digest }}@{{ .imageRoot.digest }}{{ else }}:{{ .imageRoot.tag }}{{ end -}}
{{- end -}}
{{- define "common.labels.matchLabels" -}}
{{- $dot := .context | default . -}}
app.kubernetes.io/name: {{ include "common.names.name" $dot }}
app.kubernetes.io/instance: {{ $dot.Release.Name }}
{{- end -}}
{{- define "common.labels.standard" -}}{{ include "common.labels.matchLabels" . }}{{- end -}}
{{- define "common.tplvalues.render" -}}
{{- $text := typeIs "string" .value | ternary .value (.value | toYaml) -}}
{{- tpl $text .context -}}
{{- end -}}
{{- define "common.capabilities.deployment.apiVersion" -}}apps/v1{{- end -}}
{{- define "common.capabilities.statefulset.apiVersion" -}}apps/v1{{- end -}}
{{- define "common.capabilities.daemonset.apiVersion" -}}apps/v1{{- end -}}
{{- define "common.capabilities.cronjob.apiVersion" -}}batch/v1{{- end -}}
{{- define "common.capabilities.job.apiVersion" -}}batch/v1{{- end -}}
{{- define "common.capabilities.ingress.apiVersion" -}}networking.k8s.io/v1{{- end -}}
{{- define "common.capabilities.networkPolicy.apiVersion" -}}networking.k8s.io/v1{{- end -}}
{{- define "common.capabilities.policy.apiVersion" -}}policy/v1{{- end -}}
{{- define "common.capabilities.hpa.apiVersion" -}}autoscaling/v2{{- end -}}
{{- define "common.capabilities.rbac.apiVersion" -}}rbac.authorization.k8s.io/v1{{- end -}}
{{- define "common.ingress.supportsPathType" -}}true{{- end -}}
{{- define "common.ingress.supportsIngressClassname" -}}true{{- end -}}
{{- define "common.ingress.backend" -}}
service:
  name: {{ .serviceName }}
  port:
    {{ typeIs "string" .servicePort | ternary "name" "number" }}: {{ .servicePort }}
{{- end -}}
