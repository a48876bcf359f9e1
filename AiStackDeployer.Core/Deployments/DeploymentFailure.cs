namespace AiStackDeployer.Core.Deployments;

/// <summary>Why a deployment did not succeed. Each has a sentence and a remedy in every language.</summary>
public enum FailureCode
{
    /// <summary>The registry has no such image or tag.</summary>
    ImageNotFound,

    /// <summary>The registry wants credentials, or refuses the ones given.</summary>
    ImagePullDenied,

    /// <summary>Pulling failed for another reason.</summary>
    ImagePullFailed,

    /// <summary>The container starts and ends again.</summary>
    CrashLoop,

    /// <summary>The container was ended for using more memory than it may.</summary>
    OutOfMemory,

    /// <summary>No node has room for the container.</summary>
    Unschedulable,

    /// <summary>No server has as much memory as a stack reserves, however empty it is.</summary>
    LargerThanAnyServer,

    /// <summary>The swarm refused the task.</summary>
    ContainerRejected,

    /// <summary>The new version did not run, and the swarm put the one before back.</summary>
    RolledBack,

    /// <summary>Dokploy's own deploy job ended in an error that matches none of the above.</summary>
    DeployFailed,

    /// <summary>Dokploy lost the deploy job (a restart of Dokploy) more often than we repeat it.</summary>
    DeployLost,

    /// <summary>Dokploy worked on another deployment all the time that ours could wait.</summary>
    DokployBusy,

    /// <summary>A project of this name, made by somebody else, stands in Dokploy.</summary>
    NameTakenUpstream,

    /// <summary>Dokploy refuses the portal's key, or rate-limits it.</summary>
    DokployKeyRefused,

    /// <summary>The key is good but may not do this.</summary>
    DokployPermissionDenied,

    /// <summary>Dokploy did not answer for as long as the step may take.</summary>
    DokployUnreachable,

    /// <summary>Dokploy answered with an error that repeating does not cure.</summary>
    DokployError,

    /// <summary>The stack's name does not resolve.</summary>
    AddressDns,

    /// <summary>Nothing accepts connections at the stack's address.</summary>
    AddressUnreachable,

    /// <summary>The certificate of the stack's address is not good for its name.</summary>
    AddressTls,

    /// <summary>The address answers, but with an error.</summary>
    AddressHttp,

    /// <summary>The container runs, but nothing accepts connections at the port it should listen on.</summary>
    AddressPortSilent,

    /// <summary>Some other program answers at the address.</summary>
    AddressWrongProgram,

    /// <summary>The program answers but refuses the stack's own password.</summary>
    AddressPasswordRefused,

    /// <summary>Something that is not the stack's stands in its project, so the project may not be removed.</summary>
    ProjectInUse,

    /// <summary>Something of the stack can still be found although all of it was removed.</summary>
    StillThere,

    /// <summary>It was to be stopped because nobody used it, and by then somebody did, or it could not be asked.</summary>
    InUse,

    /// <summary>There is no container to start: its service is gone in Dokploy's swarm.</summary>
    ContainerGone,

    /// <summary>A step took longer than it may.</summary>
    TimedOut,

    /// <summary>A fault of the portal itself.</summary>
    Internal,
}

/// <summary>
/// The reason of a failure, as shown. <paramref name="Subject"/> is the thing it is about where there is one (an image, an HTTP
/// status, what stands in the way); <paramref name="RawLines"/> are what Docker or the container said, already masked.
/// </summary>
public sealed record DeploymentFailure(
    FailureCode Code,
    DeploymentStep Step,
    string? Subject = null,
    IReadOnlyList<string>? RawLines = null)
{
    /// <summary>What could not be removed or proven gone, by name; null = nothing is left behind.</summary>
    public IReadOnlyList<string>? LeftBehind { get; init; }
}

public static class FailureCodes
{
    /// <summary>The code's stable name on the wire, e.g. <c>image-not-found</c>.</summary>
    public static string ToWire(this FailureCode code) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    /// <summary>The code of a name on the wire; null when it is none.</summary>
    public static FailureCode? FromWire(string? wire) =>
        Enum.GetValues<FailureCode>().Where(code => code.ToWire() == wire).Select(code => (FailureCode?)code).FirstOrDefault();

    /// <summary>No container was ever made, because no server could take it.</summary>
    public static bool MeansNoRoom(this FailureCode code) => code is FailureCode.Unschedulable or FailureCode.LargerThanAnyServer;

    /// <summary>Whether an administrator has to do something before trying again can help.</summary>
    public static bool NeedsAdministrator(this FailureCode code) => code is
        FailureCode.ImageNotFound or FailureCode.ImagePullDenied or FailureCode.CrashLoop or FailureCode.OutOfMemory
        or FailureCode.Unschedulable or FailureCode.LargerThanAnyServer or FailureCode.AddressPortSilent or FailureCode.ContainerRejected or FailureCode.RolledBack
        or FailureCode.DokployBusy or FailureCode.DokployKeyRefused
        or FailureCode.DokployPermissionDenied or FailureCode.AddressDns or FailureCode.AddressTls
        or FailureCode.AddressWrongProgram or FailureCode.AddressPasswordRefused or FailureCode.ProjectInUse;
}
