using System.Text.Json;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>How far the way to a stack's program is good.</summary>
public enum PathState
{
    Good,
    Broken,
    NotReached,
}

/// <summary>The diagnosis of a stack as sentences of the current UI culture, for pages, REST, MCP and the support bundle.</summary>
public sealed class SignText(IStringLocalizer<SignTexts> signs, IStringLocalizer<DiagnosisTexts> texts, DiagnosisText operations, DeploymentText deployment)
{
    private static readonly AddressLayer[] Path =
        [AddressLayer.Dns, AddressLayer.Tcp, AddressLayer.Tls, AddressLayer.Http, AddressLayer.Password, AddressLayer.WrongProgram];

    /// <summary>Stable: the signature's, else that of the newest operation.</summary>
    public static string Code(StackDiagnosis diagnosis) => diagnosis switch
    {
        { Cause: { } cause } => cause.Signature.Code,
        { Verdict: StackVerdict.Unexplained } => "unexplained",
        _ => DiagnosisText.Code(diagnosis.Evidence.Operation),
    };

    public string Cause(StackDiagnosis diagnosis) => diagnosis switch
    {
        { Cause: { } cause } => Cause(cause),
        // What the operation says of its failure is true, and no cause.
        { Verdict: StackVerdict.Unexplained } => $"{operations.Cause(diagnosis.Evidence.Operation)} {texts["stack-unexplained"].Value}",
        _ => operations.Cause(diagnosis.Evidence.Operation),
    };

    public string Advice(StackDiagnosis diagnosis) => diagnosis switch
    {
        { Cause: { } cause } => Cure(cause),
        { Verdict: StackVerdict.Unexplained } => texts["stack-unexplained-advice"],
        _ => operations.Advice(diagnosis.Evidence.Operation),
    };

    /// <summary>Where the sentence names something that is not known, there is one without it.</summary>
    public string Cause(Finding finding) => finding.Sign.Subject is { } subject ? signs[finding.Signature.Code, subject]
        : signs[finding.Signature.Code + "-plain"] is { ResourceNotFound: false } plain ? plain : signs[finding.Signature.Code];

    public string Cure(Finding finding) => signs[finding.Signature.Code + "-cure"];

    /// <summary>Who can do it, to a reader who owns the stack or does not.</summary>
    public string By(CureBy by, bool isOwn) => texts["by-" + WireNames.Of(by) + (by == CureBy.Owner && isOwn ? "-you" : "")];

    public string Source(EvidenceSource source) => texts["source-" + Kebab(source)];

    public string Look(SourceLook look) => look is { End: LookEnd.Refused, Why: { } why }
        ? texts["look-refused", deployment.FailureShort(why)]
        : texts["look-" + Kebab(look.End)];

    /// <summary>A sentence of the file that explains a support bundle.</summary>
    public string Bundle(string key, params object[] arguments) => texts["bundle-" + key, arguments];

    /// <summary>Each layer on the way to its program; none when the address was not asked. Over http there is no certificate on the way.</summary>
    public IReadOnlyList<(string Name, PathState State, string Word)> PathOf(Evidence evidence)
    {
        if (evidence.Address is not { } address)
        {
            return [];
        }
        var path = Path.Where(layer => layer != AddressLayer.Tls || evidence.Row.Stack.Url.StartsWith("https:", StringComparison.Ordinal)).ToList();
        var broken = address.Layer is { } end ? path.IndexOf(end) : path.Count;
        return
        [
            .. path.Select((layer, place) => (place, layer)).Select(at =>
            {
                var state = at.place < broken ? PathState.Good : at.place == broken ? PathState.Broken : PathState.NotReached;
                return (texts["path-" + Kebab(at.layer)].Value, state, texts["path-" + Kebab(state)].Value);
            }),
        ];
    }

    private static string Kebab<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
