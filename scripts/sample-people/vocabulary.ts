/** What the invented people have done, can do and belong to. */

export const employers = [
  'Harbor Pine Robotics',
  'Quillstone Analytics',
  'Blue Larch Logistics',
  'Copperfield & Sons Payments',
  'Lumen Orchard',
  'Nordhafen Systeme GmbH',
  'Atelier Verre Bleu',
  'Panadería Digital S.L.',
  'Kestrel Cloudworks, Inc.',
  'Tidewater Health "Labs"',
  'Saffron Bay Games',
  'Greyfriars Insurance plc',
  'Moonpath Aerospace',
  '青空ソフトウェア株式会社',
  'Мост Технологии',
  'Fern & Flint',
];
export const titles = [
  'Software Engineer',
  'Senior Backend Engineer',
  'Staff Engineer',
  'Engineering Manager',
  'Data Scientist',
  'Site Reliability Engineer',
  'Product Designer',
  'Product Manager',
  'QA Analyst',
  'Head of Platform',
  'Registered Nurse',
  'Account Executive (EMEA)',
  'Intern',
];
export const schools = [
  'Lakeside Institute of Technology',
  'University of Westmarch',
  'Technische Hochschule Nordhafen',
  'Universidad del Valle Alto',
  'École des Arts Numériques',
  'Eastgate Community College',
  'Университет Приморья',
];
export const degrees = ['BSc', 'B.A.', 'MSc', 'Master of Business Administration', 'PhD', 'Diplom'];
export const majors = [
  'Computer Science',
  'Electrical Engineering',
  'Mathematics',
  'Linguistics',
  'Industrial Design',
  'Nursing',
];
export const skills = [
  'TypeScript',
  'Go',
  'Rust',
  'C++',
  'C#',
  'PostgreSQL',
  'Kubernetes',
  'React',
  'Machine Learning',
  'Terraform',
  'Figma',
  'Negotiation',
  'Python',
  'Java',
  'Kafka',
  'GraphQL',
];
export const industries = ['Software', 'Financial Services', 'Healthcare', 'Logistics', 'Gaming', 'Aerospace'];
export const sizes = ['1-10', '11-50', '51-200', '201-500', '501-1000', '1001-5000', '10001+'];
export const languages = ['English', 'Spanish', 'German', 'French', 'Mandarin', 'Hindi', 'Arabic', 'Japanese'];
export const certifications = [
  'Certified Kubernetes Administrator',
  'Project Management Professional',
  'Registered Nurse License',
];
export const groups = ['Women Who Ship', 'Open Source Guild', 'Lakeside Alumni', 'Veterans in Tech'];
export const interests = ['Climbing', 'Choir', 'Chess', 'Community gardens', 'Film photography'];
export const honors = ['Dean’s List', 'Hackathon winner 2019', 'Employee of the Year'];
export const tags = [
  'Golang',
  'Backend',
  'Frontend',
  'Data',
  'Leadership',
  'Referral',
  'Relocation OK',
  'Remote',
  'Silver Medalist',
  'Spring Event',
  'Security',
  'Bilingual',
];
export const emailDomains = ['example.com', 'example.org', 'example.net', 'mail.example.com'];
