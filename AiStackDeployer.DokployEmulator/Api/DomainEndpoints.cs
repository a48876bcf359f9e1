using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

internal static partial class DomainEndpoints
{
    private static readonly string[] Columns =
    [
        "domainId", "host", "port", "createdAt", "applicationId", "https", "customEntrypoint", "path", "serviceName", "domainType",
        "uniqueConfigKey", "composeId", "customCertResolver", "previewDeploymentId", "certificateType", "internalPath", "stripPath",
        "middlewares", "forwardAuthEnabled", "enabled",
    ];

    public static void Map(Router router)
    {
        Field[] members =
        [
            new Field("host") { Min = 1, MinMessage = "Add a hostname", Rule = HostProblem },
            new Field("path") { Min = 1 }.Optional().OrNull(),
            new Field("port", FieldKind.Number) { Min = 1, Max = 65535, MinMessage = "Port must be at least 1" }.Optional().OrNull(),
            new Field("customEntrypoint").Optional().OrNull(),
            new Field("https", FieldKind.Boolean).Optional(),
            new Field("certificateType", FieldKind.Choice) { Choices = ["letsencrypt", "none", "custom"] }.Optional(),
            new Field("customCertResolver").Optional().OrNull(),
            new Field("serviceName").Optional().OrNull(),
            new Field("domainType", FieldKind.Choice) { Choices = ["compose", "application", "preview"] }.Optional().OrNull(),
            new Field("internalPath").Optional().OrNull(),
            new Field("stripPath", FieldKind.Boolean).Optional(),
            new Field("middlewares", FieldKind.TextList).Optional().OrNull(),
        ];
        var id = new Field("domainId") { Min = 1 };
        router.Mutation("domain.create", new Schema([.. members, new Field("applicationId").Optional().OrNull(), new Field("composeId").Optional().OrNull()]),
            Create, 61, ApplicationEndpoints.Foreign);
        router.Query("domain.byApplicationId", new Schema(ApplicationEndpoints.Id), ByApplication, 72, ApplicationEndpoints.Foreign);
        router.Mutation("domain.update", new Schema([id, .. members]), Update, 143, ApplicationEndpoints.Foreign);
        router.Mutation("domain.delete", new Schema(id), Delete, 159, ApplicationEndpoints.Foreign);
    }

    private static Answer Create(Call call)
    {
        var applicationId = call.In.Text("applicationId");
        var domain = new DomainRow
        {
            DomainId = Ids.Nano(),
            Host = call.In.Text("host")!,
            UniqueConfigKey = call.State.NextConfigKey++,
            CreatedAt = call.Now,
            ApplicationId = applicationId,
        };
        if (applicationId is not null && call.State.Application(applicationId) is null)
        {
            throw ApiError.Sql("", "domain", Columns,
                domain.DomainId, domain.Host, call.In.Number("port")?.ToString(System.Globalization.CultureInfo.InvariantCulture), Wire.Time(call.Now), applicationId);
        }

        Fill(domain, call.In);
        call.State.Domains.Add(domain);
        if (applicationId is not null)
        {
            call.State.WriteTraefik(applicationId);
        }

        return new Answer(Wire.Domain(domain));
    }

    private static Answer ByApplication(Call call)
    {
        var app = call.State.Application(call.In.Text("applicationId"));
        return new Answer(call.State.Domains.Where(d => app is not null && d.ApplicationId == app.ApplicationId).Select(d =>
        {
            var json = JsonNode.Parse(new Answer(d).Serialize())!.AsObject();
            json["application"] = new JsonObject { ["applicationId"] = app!.ApplicationId, ["appName"] = app.AppName, ["name"] = app.Name };
            return json;
        }));
    }

    private static Answer Update(Call call)
    {
        var domain = call.Domain();
        domain.Host = call.In.Text("host")!;
        Fill(domain, call.In);
        if (domain.ApplicationId is { } app)
        {
            call.State.WriteTraefik(app);
        }

        return new Answer(Wire.Domain(domain));
    }

    private static Answer Delete(Call call)
    {
        var domain = call.Domain();
        call.State.Domains.Remove(domain);
        if (domain.ApplicationId is { } app)
        {
            call.State.WriteTraefik(app);
        }

        return new Answer(Wire.Domain(domain));
    }

    private static void Fill(DomainRow domain, Input input)
    {
        domain.Path = input.Has("path") ? input.Text("path") : domain.Path;
        domain.Port = input.Number("port") ?? domain.Port;
        domain.CustomEntrypoint = input.Has("customEntrypoint") ? input.Text("customEntrypoint") : domain.CustomEntrypoint;
        domain.Https = input.Flag("https") ?? domain.Https;
        domain.CertificateType = input.Text("certificateType") ?? domain.CertificateType;
        domain.CustomCertResolver = input.Has("customCertResolver") ? input.Text("customCertResolver") : domain.CustomCertResolver;
        domain.ServiceName = input.Has("serviceName") ? input.Text("serviceName") : domain.ServiceName;
        domain.DomainType = input.Text("domainType") ?? domain.DomainType;
        domain.InternalPath = input.Has("internalPath") ? input.Text("internalPath") : domain.InternalPath;
        domain.StripPath = input.Flag("stripPath") ?? domain.StripPath;
        if (input.Values.GetValueOrDefault("middlewares") is JsonArray list)
        {
            domain.Middlewares = [.. list.Select(m => m!.GetValue<string>())];
        }
    }

    private static string? HostProblem(string host) =>
        host != host.Trim() ? "Domain name cannot have leading or trailing spaces"
        : HostForm().IsMatch(host) ? null
        : "Invalid domain name. Use only letters, numbers, hyphens and dots (e.g. example.com). Underscores are not allowed.";

    /// <summary>RFC 1123.</summary>
    [GeneratedRegex(@"^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$")]
    private static partial Regex HostForm();
}
