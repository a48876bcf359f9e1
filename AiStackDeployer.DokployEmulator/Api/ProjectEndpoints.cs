using System.Text.RegularExpressions;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

internal static class ProjectEndpoints
{
    private static readonly string[] Columns = ["projectId", "name", "description", "createdAt", "organizationId", "env"];
    private static readonly object[] None = [];

    public static void Map(Router router)
    {
        var id = new Field("projectId") { Min = 1 };
        var description = new Field("description").Optional().OrNull();
        var env = new Field("env").Optional();
        var foreign = ApiError.Denied("You don't have access to this project");

        router.Query("project.all", new Schema(), All, 31);
        router.Query("project.search", new Schema(
            new Field("q").Optional(), new Field("name").Optional(), new Field("description").Optional(),
            new Field("limit", FieldKind.Number) { Min = 1, Max = 100 }.Optional(),
            new Field("offset", FieldKind.Number) { Min = 0 }.Optional()), Search, 39);
        router.Query("project.one", new Schema(id), One, 35, foreign);
        router.Mutation("project.create", new Schema(new Field("name") { Min = 1 }, description, env), Create, 69,
            ApiError.BadRequest("Error creating the project: unauthorized to access resource \"project\""));
        router.Mutation("project.update", new Schema(id, new Field("name") { Min = 1 }.Optional(), description, env), Update, 60, foreign);
        router.Mutation("project.remove", new Schema(id), Remove, 44, ApiError.Denied("unauthorized to access resource \"project\""));
    }

    private static Answer All(Call call) => new(Visible(call).Select(p => new
    {
        p.ProjectId, p.Name, p.Description, p.CreatedAt, p.OrganizationId, p.Env,
        Environments = call.State.Environments.Where(e => e.ProjectId == p.ProjectId).Select(e => new
        {
            e.Name, e.EnvironmentId, e.IsDefault,
            Applications = Applications(call, e).Select(a => new { a.ApplicationId, a.Name, ApplicationStatus = a.Status }),
            Mariadb = Others(call, e, "mariadb"), Mongo = Others(call, e, "mongo"), Mysql = Others(call, e, "mysql"), Postgres = Others(call, e, "postgres"), Redis = Others(call, e, "redis"), Compose = Others(call, e, "compose"), Libsql = Others(call, e, "libsql"),
        }),
        ProjectTags = None,
    }));

    private static Answer Search(Call call)
    {
        var q = call.In.Text("q");
        var hits = Visible(call)
            .Where(p => q is null || Like(p.Name, q) || Like(p.Description, q))
            .Where(p => call.In.Text("name") is not { Length: > 0 } name || Like(p.Name, name))
            .Where(p => call.In.Text("description") is not { Length: > 0 } text || Like(p.Description, text))
            .ToList();
        return new Answer(new
        {
            Items = hits.Skip(call.In.Number("offset") ?? 0).Take(call.In.Number("limit") ?? 20).Select(Wire.Project),
            Total = hits.Count,
        });
    }

    private static Answer One(Call call)
    {
        var p = call.Project();
        return new Answer(new
        {
            p.ProjectId, p.Name, p.Description, p.CreatedAt, p.OrganizationId, p.Env,
            Environments = call.State.Environments.Where(e => e.ProjectId == p.ProjectId).Select(e => new
            {
                e.EnvironmentId, e.Name, e.Description, e.CreatedAt, e.Env, e.ProjectId, e.IsDefault,
                Applications = Applications(call, e).Select(a => new
                {
                    a.Name, Description = a.Text("description"), a.AppName, CreatedAt = a.Text("createdAt"), ServerId = (string?)null,
                    ApplicationStatus = a.Status, a.ApplicationId, Icon = (string?)null, Server = (string?)null,
                }),
                Compose = Others(call, e, "compose"), Libsql = Others(call, e, "libsql"), Mariadb = Others(call, e, "mariadb"), Mongo = Others(call, e, "mongo"), Mysql = Others(call, e, "mysql"), Postgres = Others(call, e, "postgres"), Redis = Others(call, e, "redis"),
            }),
            ProjectTags = None,
        });
    }

    private static Answer Create(Call call)
    {
        var project = new ProjectRow
        {
            ProjectId = Ids.Nano(),
            Name = call.In.Text("name")!,
            Description = call.In.Text("description"),
            CreatedAt = call.Now,
            OrganizationId = call.State.OrganizationId,
            Env = call.In.Text("env") ?? "",
        };
        if (call.In.HasNul)
        {
            throw ApiError.Sql("Error creating the project: ", "project", Columns,
                project.ProjectId, project.Name, project.Description, Wire.Time(call.Now), project.OrganizationId);
        }

        var environment = new EnvironmentRow
        {
            EnvironmentId = Ids.Nano(),
            Name = "production",
            Description = "Production environment",
            CreatedAt = call.Now,
            ProjectId = project.ProjectId,
            IsDefault = true,
        };
        call.State.Projects.Add(project);
        call.State.Environments.Add(environment);
        call.State.AccessedProjects.Add(project.ProjectId, call.Now);
        return new Answer(new { Project = Wire.Project(project), Environment = Wire.Environment(environment) });
    }

    private static Answer Update(Call call)
    {
        var project = call.Project();
        project.Name = call.In.Text("name") ?? project.Name;
        project.Description = call.In.Has("description") ? call.In.Text("description") : project.Description;
        project.Env = call.In.Text("env") ?? project.Env;
        return new Answer(Wire.Project(project));
    }

    /// <summary>The database cascade and nothing else: services and Traefik files stay behind, running.</summary>
    private static Answer Remove(Call call)
    {
        var project = call.Project();
        var state = call.State;
        foreach (var environment in state.Environments.FindAll(e => e.ProjectId == project.ProjectId))
        {
            foreach (var app in Applications(call, environment).ToList())
            {
                state.RemoveRows(app);
            }

            state.OtherServices.RemoveAll(s => s.EnvironmentId == environment.EnvironmentId);
            state.Environments.Remove(environment);
        }

        state.Projects.Remove(project);
        return new Answer(Wire.Project(project));
    }

    private static IEnumerable<ApplicationRow> Applications(Call call, EnvironmentRow e) =>
        call.State.Applications.Where(a => a.EnvironmentId == e.EnvironmentId);

    private static IEnumerable<object> Others(Call call, EnvironmentRow e, string kind) => Wire.Others(call.State, e.EnvironmentId, kind);

    /// <summary>Newest first.</summary>
    private static IEnumerable<ProjectRow> Visible(Call call) =>
        call.Key.Role == "member" ? [] : Enumerable.Reverse(call.State.Projects);

    /// <summary>ILIKE %x% with '%' and '_' in x left as the wildcards they are.</summary>
    internal static bool Like(string? text, string part)
    {
        var pattern = string.Concat(part.Select(c => c switch { '%' => ".*", '_' => ".", _ => Regex.Escape(c.ToString()) }));
        return text is not null && Regex.IsMatch(text, pattern, RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }
}
