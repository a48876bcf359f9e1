using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Diagnoses;

/// <content>From the registry to a container that could start. The texts are Docker's and Dokploy's, as recorded, and the registries' own.</content>
public static partial class Signatures
{
    private static IReadOnlyList<Signature> Images =>
    [
        Text("disk-full", CureBy.Operator, Anywhere, ["no space left on device", "ENOSPC", "disk quota exceeded", "database or disk is full"])
            with { Acts = Repair, Command = "docker system df && docker image prune --all" },
        Text("registry-rate-limit", CureBy.Administrator, Starting, ["toomanyrequests", "pull rate limit", "429 Too Many Requests"]) with { Acts = Repair },
        Text("image-other-architecture", CureBy.Administrator, Starting, Signs.OtherArchitecture)
            with { Acts = Repair, Command = "docker buildx imagetools inspect {image}" },
        Text("exec-format", CureBy.Administrator, Anywhere, ["exec format error"]) with { Acts = Repair, Command = "docker image inspect {image} --format '{{.Architecture}}'" },
        Text("registry-login-failed", CureBy.Administrator, Pulling, Signs.LoginFailed) with { Acts = Repair },
        Image("image-pull-denied", CureBy.Administrator, FailureCode.ImagePullDenied, Pulling, Signs.PullDenied, Signs.LoginFailed)
            with { Acts = Repair, Command = "docker pull {image}" },
        Image("image-not-found", CureBy.Administrator, FailureCode.ImageNotFound, Starting, Signs.ImageNotFound, [.. Signs.OtherArchitecture, .. Signs.PullDenied])
            with { Acts = Repair, Command = "docker manifest inspect {image}" },
        Text("registry-certificate", CureBy.Operator, Pulling, ["x509: ", "server gave HTTP response to HTTPS client"]) with { Acts = Repair },
        Text("registry-away", CureBy.Operator, Pulling, Signs.RegistryAway) with { Acts = Repair, Command = "docker pull {image}" },
        Text("bad-environment", CureBy.Owner, Pulling, ["Invalid project environment variable", "Invalid environment variable", "Invalid service environment variable"])
            with { Acts = [OperationCatalog.ChangeEnvironment] },
        Text("settings-refused", CureBy.Administrator, Starting, ["code = InvalidArgument"]) with { Acts = Repair },
        Text("network-missing", CureBy.Operator, Starting,
            ["could not find network", "dokploy-network not found", "network sandbox", "failed to allocate network IP", "non-overlapping IPv4 address pool", "error creating vxlan", "failed to set up overlay"])
            with { Acts = Repair, Command = "docker network inspect dokploy-network" },
        Text("port-in-use", CureBy.Operator, Anywhere, ["port is already allocated", "already in use by service", "host-mode port already in use", "EADDRINUSE", "address already in use"])
            with { Acts = RestartIt, Command = "docker service ls --format '{{.Name}} {{.Ports}}'" },
        Text("mount-failed", CureBy.Operator, Starting, ["invalid mount config", "bind source path does not exist", "error while mounting volume", "failed to mount local volume"])
            with { Acts = Repair, Command = "docker service inspect {service} --format '{{json .Spec.TaskTemplate.ContainerSpec.Mounts}}'" },
        Text("entrypoint-missing", CureBy.Administrator, Anywhere,
            ["executable file not found", "OCI runtime create failed", "failed to create task for container", "starting container process caused", "non-zero exit (127)", "non-zero exit (126)"],
            ["exec format error"])
            with { Acts = Repair, Command = "docker image inspect {image} --format '{{.Config.Entrypoint}} {{.Config.Cmd}}'" },
    ];

    /// <summary>Its sentence names the image that was wanted.</summary>
    private static Signature Image(string code, CureBy by, FailureCode failure, EvidenceSource[] where, IReadOnlyList<string> signs, IReadOnlyList<string> except)
    {
        var text = Text(code, by, failure, where, signs, except);
        return text with
        {
            Match = e => text.Match(e) is { } sign ? sign with { Subject = (e.Failure == FailureCode.ImageNotFound ? e.Last.Failure!.Subject : null) ?? e.Row.Stack.Image } : null,
        };
    }
}
