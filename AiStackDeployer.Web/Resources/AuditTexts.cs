namespace AiStackDeployer.Web.Resources;

/// <summary>Marks the words of the audit log's codes for <c>IStringLocalizer&lt;AuditTexts&gt;</c>.</summary>
public sealed class AuditTexts;
