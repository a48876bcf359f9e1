using System.Text.Json;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>A diagnosis as sentences of the current UI culture. REST and MCP speak through it.</summary>
public sealed class DiagnosisText(IStringLocalizer<DiagnosisTexts> texts, DeploymentText deployment, HealthText health, DurationText durations)
{
    /// <summary>The stable code: the failure's own where there is one, else what is the matter.</summary>
    public static string Code(DeploymentDiagnosis diagnosis) => diagnosis switch
    {
        { Code: DiagnosisCode.Failed, Failure: { } failure } => failure.Code.ToWire(),
        _ => Kebab(diagnosis.Code),
    };

    public string Cause(DeploymentDiagnosis diagnosis) => diagnosis switch
    {
        { Code: DiagnosisCode.Failed, Failure: { } failure } => deployment.Failure(failure.Code, failure.Subject),
        { Code: DiagnosisCode.Retrying, Obstacle: { } obstacle } => texts["diagnosis-retrying", deployment.Failure(obstacle)],
        { Health: { } broken } => $"{health.Failing(broken)}. {health.Cause(broken)}",
        _ => texts["diagnosis-" + Kebab(diagnosis.Code)],
    };

    /// <summary>What the reader can do.</summary>
    public string Advice(DeploymentDiagnosis diagnosis)
    {
        var advice = diagnosis switch
        {
            { HasLaterTry: true } => texts["diagnosis-later-try-advice"].Value,
            { Health: { } broken } => health.Advice(broken) ?? "",
            { Code: DiagnosisCode.Failed, Failure: { } failure } => deployment.Remedy(failure.Code),
            { Code: DiagnosisCode.Retrying, Obstacle: { } obstacle } when obstacle.NeedsAdministrator() => deployment.Remedy(obstacle),
            { Code: DiagnosisCode.Cancelled, LeftBehind.Count: > 0 } => texts["diagnosis-cancelled-left-advice"].Value,
            { Code: DiagnosisCode.Cancelled, IsNameKept: true } => texts["diagnosis-cancelled-kept-advice"].Value,
            _ => texts[$"diagnosis-{Kebab(diagnosis.Code)}-advice"].Value,
        };
        return diagnosis.LeftBehind.Count == 0 ? advice : $"{advice} {texts["advice-left-behind"].Value}";
    }

    /// <summary>The facts it rests on, one a line; raw lines and the log are apart.</summary>
    public IReadOnlyList<string> Evidence(DeploymentDiagnosis diagnosis)
    {
        var lines = new List<string>();
        if (diagnosis.StepTook is { } took)
        {
            var key = diagnosis.Step.EndedAt is null ? "evidence-step-running" : "evidence-step-ended";
            lines.Add(diagnosis.Step.Usually is { } usually
                ? texts[key + "-usually", deployment.Step(diagnosis.Step.Step), durations.ExactWords(took), durations.ExactWords(usually)]
                : texts[key, deployment.Step(diagnosis.Step.Step), durations.ExactWords(took)]);
        }
        if (diagnosis.Took is { } total)
        {
            lines.Add(diagnosis.UsualMaxTime is { } atMost
                ? texts["evidence-total-usually", durations.ExactWords(total), durations.ExactWords(atMost)]
                : texts["evidence-total", durations.ExactWords(total)]);
        }
        if (diagnosis.QueuePosition is { } inLine)
        {
            lines.Add(texts["evidence-place-in-line", inLine]);
        }
        if (diagnosis.DokployQueuePosition is { } inDokploy)
        {
            lines.Add(texts["evidence-place-in-dokploy", inDokploy]);
        }
        if (diagnosis.DokployBusySince is { } busySince)
        {
            lines.Add(texts["evidence-dokploy-busy-since", health.Moment(busySince)]);
        }
        if (diagnosis.Health is { } broken && health.LastSeen(broken) is { } lastSeen)
        {
            lines.Add(lastSeen);
        }
        if (diagnosis.OpenCodeVersion is { } version)
        {
            lines.Add(texts["evidence-opencode", version]);
        }
        if (diagnosis.DokployAnswers is { } answers)
        {
            lines.Add(texts[answers ? "evidence-dokploy-answers" : "evidence-dokploy-silent"]);
        }
        lines.AddRange(diagnosis.KeptVolumes.Select(name => texts["evidence-kept-volume", name].Value));
        lines.AddRange(diagnosis.LeftBehind.Select(name => texts["evidence-left-behind", name].Value));
        return lines;
    }

    private static string Kebab(DiagnosisCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());
}
